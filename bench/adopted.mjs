import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump, loadAll } from 'js-yaml';

const ambit = fileURLToPath(new URL('../dist/ambit.js', import.meta.url));

/**
 * Writes a project whose policies somebody seems to have written by hand: those that another project compiles to, without what
 * says so. Answers with how many policies there are.
 */
export function writeAdopted(project, adopted) {
  const output = join(project, 'out');
  execFileSync(process.execPath, [ambit, 'compile', '--project', project, '--output-dir', output], { stdio: 'ignore' });
  mkdirSync(adopted, { recursive: true });
  writeFileSync(join(adopted, 'ambit.yaml'), readFileSync(join(project, 'ambit.yaml')));
  const policies = readdirSync(join(project, 'clusters')).map((cluster) => {
    const given = objectsBelow(join(project, 'clusters', cluster));
    const emitted = objectsBelow(join(output, cluster)).map(asByHand);
    const directory = join(adopted, 'clusters', cluster);
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, 'objects.yaml'),
      merged([...given, ...emitted])
        .map(printed)
        .join('---\n'),
    );
    return emitted.filter(({ apiVersion }) => apiVersion.startsWith('security.istio.io/')).length;
  });
  return policies.reduce((sum, count) => sum + count, 0);
}

function objectsBelow(directory) {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return paths
    .filter((path) => path.endsWith('.yaml'))
    .flatMap((path) => loadAll(readFileSync(join(directory, path), 'utf8')));
}

function asByHand({ metadata: { labels = {}, annotations, ...metadata }, ...object }) {
  const kept = Object.entries(labels).filter(([key]) => !/managed-by|ambit/.test(key));
  return { ...object, metadata: { ...metadata, labels: Object.fromEntries(kept) } };
}

/** A Service of labels alone adds them to the one that is there. */
function merged(objects) {
  const byKey = new Map();
  for (const object of objects) {
    const key = [object.kind, object.metadata.namespace, object.metadata.name].join(' ');
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? object : withLabels(before, object.metadata.labels));
  }
  return [...byKey.values()];
}

function withLabels(object, labels) {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}

function printed(object) {
  return dump(object, { noRefs: true, lineWidth: -1 });
}
