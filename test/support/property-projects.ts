import { dump, loadAll } from 'js-yaml';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { type CompileResult, compile, type Source } from '../../src/pipeline.js';
import { compareText } from '../../src/util/order.js';
import { fc } from './fast-check.js';
import { clusterName } from './generate/mesh.js';
import { trafficSettings } from './generate/traffic.js';
import { smallProject } from './generate.js';

/** The texts of a small project, with traffic settings for some of its services. */
export const projectSources: fc.Arbitrary<readonly Source[]> = smallProject.chain((project) =>
  trafficSettings(project.mesh).map((traffic) => [
    { path: 'ambit.yaml', text: project.meshText },
    { path: 'intents.yaml', text: project.intentsText },
    { path: 'traffic.yaml', text: streamOf(traffic) },
    { path: `clusters/${clusterName}.yaml`, text: project.manifestsText, cluster: clusterName },
  ]),
);

/** Compiles without anything in the comments that depends on files and lines. */
export function compileSources(sources: readonly Source[]): CompileResult {
  return compile(sources, { today: '2026-06-01', provenance: 'ids' });
}

export function errorsOf({ diagnostics }: CompileResult): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** The same project written otherwise: documents in another order and in other files, fields in another order. */
export function rewritten(sources: readonly Source[]): fc.Arbitrary<readonly Source[]> {
  const own = sources.filter(({ cluster }) => cluster === undefined).flatMap(documentsOf);
  const manifests = sources.filter(({ cluster }) => cluster !== undefined).flatMap(documentsOf);
  const files = fc.tuple(filesOf(own, 'intents'), filesOf(manifests, 'manifests', clusterName));
  return files.chain(([first, second]) => shuffled([...first, ...second]));
}

function documentsOf({ text }: Source): object[] {
  return loadAll(text).map(Object);
}

function filesOf(documents: readonly object[], folder: string, cluster?: string): fc.Arbitrary<Source[]> {
  const places = fc.array(fc.nat({ max: 3 }), { minLength: documents.length, maxLength: documents.length });
  return fc.tuple(shuffled(documents.map(otherwise)), places).chain(([written, chosen]) =>
    fc.tuple(...written).map((values) => {
      const names = [...new Set(chosen)].sort();
      return names.map((name) => ({
        path: `${folder}/${name}.yaml`,
        text: streamOf(values.filter((_, index) => chosen[index] === name)),
        ...(cluster !== undefined && { cluster }),
      }));
    }),
  );
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

/** The same value with the fields of each of its objects in some other order. */
function otherwise<T>(value: T): fc.Arbitrary<T> {
  const seeds = fc.array(fc.nat({ max: 65_520 }), { minLength: 3, maxLength: 3 });
  return seeds.map((seed) => reorder(value, seed) as T);
}

function reorder(value: unknown, seed: readonly number[]): unknown {
  if (Array.isArray(value)) return value.map((item) => reorder(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => compareText(rank(left, seed), rank(right, seed)));
  return Object.fromEntries(entries.map(([key, child]) => [key, reorder(child, seed)]));
}

function rank(key: string, seed: readonly number[]): string {
  const [factor = 1, shift = 0, start = 0] = seed;
  const hash = [...key].reduce(
    (sum, letter) => (sum * (2 * factor + 1) + letter.charCodeAt(0) + shift) % 65_521,
    start,
  );
  return String(hash).padStart(5, '0') + key;
}

function streamOf(documents: readonly object[]): string {
  return documents.map((document) => dump(document, { noRefs: true, lineWidth: -1 })).join('---\n');
}
