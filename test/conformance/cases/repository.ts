import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { OutputFile, Source } from '../../../src/pipeline.js';
import { filesBelow, goldenCases } from '../../support/cases.js';
import type { Project } from './project.js';

/** Every golden case with manifests, each under what is done with it. */
export function goldenProjects(): Project[] {
  const compiled = goldenCases('compile').filter(({ name }) => !name.startsWith('diagnostics/AMB1'));
  return [
    ...compiled.map(({ name, sources, options }) => ({ name: `golden/${name}`, sources, options })),
    ...goldenCases('lint').map(({ name, sources, options }) => ({
      name: `golden/${name}`,
      sources,
      options,
      files: [],
    })),
    ...goldenCases('verify').map(({ name, sources, options, applied }) => {
      return { name: `golden/${name}`, sources, options, files: applied };
    }),
  ];
}

const root = new URL('../../../examples/', import.meta.url).pathname;
const options = { today: '2026-06-01' } as const;

/** Every example with the output that is committed, and what is refused. */
export function exampleProjects(): Project[] {
  const refused = foldersOf(join(root, 'refused')).map((name) => `refused/${name}`);
  const projects = foldersOf(root).filter((name) => name !== 'refused');
  return [
    ...projects.map((name) => {
      return {
        name: `examples/${name}`,
        sources: sourcesOf(join(root, name)),
        options,
        files: outputOf(join(root, name)),
      };
    }),
    ...refused.map((name) => ({ name: `examples/${name}`, sources: sourcesOf(join(root, name)), options })),
  ];
}

function foldersOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** All that is written in an example but its output; what the manifests of several clusters have in common once for each. */
function sourcesOf(directory: string): Source[] {
  const texts = textsBelow(directory).filter(({ path }) => !path.startsWith('deploy/'));
  const clusters = texts.filter(({ path }) => path === 'ambit.yaml').flatMap(({ text }) => clustersOf(text));
  return texts.flatMap(({ path, text }) => {
    const homes = clusters.filter(({ manifests }) => manifests.some((folder) => isBelow(path, folder)));
    return homes.length === 0 ? [{ path, text }] : homes.map(({ name }) => ({ path, text, cluster: name }));
  });
}

interface ClusterOfMesh {
  readonly name: string;
  readonly manifests: readonly string[];
}

function clustersOf(project: string): readonly ClusterOfMesh[] {
  return parseAllDocuments(project).flatMap((document) => {
    const { kind, spec } = document.toJS() ?? {};
    return kind === 'Mesh' ? spec.clusters.map((each: Partial<ClusterOfMesh>) => ({ manifests: [], ...each })) : [];
  });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function outputOf(directory: string): OutputFile[] {
  return textsBelow(join(directory, 'deploy'));
}

function textsBelow(directory: string): OutputFile[] {
  return filesBelow(directory)
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => ({ path: relative(directory, path), text: readFileSync(path, 'utf8') }));
}
