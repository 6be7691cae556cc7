import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { projectText, settingsText } from './documents.mjs';
import { ingressText, namespaceText } from './manifests.mjs';
import { planMesh } from './mesh.mjs';
import { sizeOf, sizes } from './sizes.mjs';

/** The files of a project on a mesh of the given size, by path. The same options make the same bytes. */
export function generateProject(options) {
  const clusters = planMesh(options);
  const files = new Map([['ambit.yaml', projectText(clusters)]]);
  let address = 1;
  for (const cluster of clusters) {
    files.set(`clusters/${cluster.name}/${cluster.gateway.namespace}.yaml`, ingressText(cluster));
    for (const namespace of cluster.namespaces) {
      files.set(`clusters/${cluster.name}/${namespace.name}.yaml`, namespaceText(namespace, address));
      address += namespace.services.reduce((sum, { replicas }) => sum + replicas, 0);
      if (namespace.rules !== null) files.set(`intents/${namespace.name}.yaml`, settingsText(namespace));
    }
  }
  return files;
}

/** Writes the files below a directory. */
export function writeProject(files, directory) {
  for (const folder of new Set([...files.keys()].map(dirname))) mkdirSync(join(directory, folder), { recursive: true });
  for (const [path, text] of files) writeFileSync(join(directory, path), text);
}

const counts = ['clusters', 'namespaces', 'services', 'pods', 'intents', 'routes', 'networkPolicies', 'layers', 'seed'];

/** As it is written on the command line. */
function optionFor(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function optionsFrom({ size, scale, ...given }) {
  const numbers = counts.flatMap((name) => {
    const value = given[optionFor(name)];
    return value === undefined ? [] : [[name, Number(value)]];
  });
  const modes = given.modes?.split(',').map((part) => part.split('='));
  return {
    ...sizeOf(size, Number(scale)),
    ...Object.fromEntries(numbers),
    ...(modes && { modes: Object.fromEntries(modes.map(([mode, share]) => [mode, Number(share)])) }),
  };
}

function main() {
  const text = { type: 'string' };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { ...text, default: 'small' },
      scale: { ...text, default: '1' },
      ...Object.fromEntries([...counts, 'modes'].map((name) => [optionFor(name), text])),
    },
  });
  const [directory] = positionals;
  if (directory === undefined || sizes[values.size] === undefined) {
    console.error(
      `usage: node bench/generate.mjs <directory> [--size ${Object.keys(sizes).join('|')}] [--scale n] [--<count> n]`,
    );
    process.exitCode = 2;
    return;
  }
  writeProject(generateProject(optionsFrom(values)), resolve(directory));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
