import type { JsonObject, JsonValue } from '../../../src/parse/document.js';
import type { Cluster, Topology } from '../../../src/topology/model.js';
import { assert } from '../../../src/util/assert.js';
import { clusterOf, type Emitted, objectOf, withValue } from './emitted.js';

/** One way to spoil one emitted object. */
export interface Mutation {
  /** Its name in the tables. */
  readonly kind: string;
  /** Every variant of the object; an empty list in place of one leaves it out. */
  variants(emitted: Emitted, cluster: Cluster): readonly Variant[];
}

export interface Variant {
  /** Where, and what instead. */
  readonly what: string;
  /** What stands in place of the object. */
  readonly instead: readonly Emitted[];
}

/** One output with one thing wrong in it. */
export interface Mutant {
  readonly kind: string;
  readonly what: string;
  readonly files: readonly Emitted[];
}

/** All mutants of some files, in their order and in that of the mutations. */
export function mutantsOf(
  all: readonly Emitted[],
  topology: Topology,
  mutations: readonly Mutation[],
): readonly Mutant[] {
  const clusters = new Map(topology.clusters.map((cluster) => [cluster.name, cluster]));
  return all.flatMap((emitted, index) => {
    const cluster = clusters.get(clusterOf(emitted));
    assert(cluster !== undefined, `${emitted.path} is of a cluster of the topology`);
    return mutations.flatMap(({ kind, variants }) =>
      variants(emitted, cluster).map(({ what, instead }) => ({
        kind,
        what: `${emitted.path} ${what}`,
        files: [...all.slice(0, index), ...instead, ...all.slice(index + 1)],
      })),
    );
  });
}

export const removed = (): readonly Variant[] => [{ what: 'removed', instead: [] }];

/** The object with another value. */
export function changed(emitted: Emitted, what: string, value: JsonValue): Variant {
  return { what, instead: [withValue(emitted, objectOf(value))] };
}

/** The object beside a second one. */
export function doubled(emitted: Emitted, what: string, second: JsonObject): Variant {
  const path = emitted.path.replace(/\.yaml$/, '-twice.yaml');
  return { what, instead: [emitted, withValue({ ...emitted, path }, second)] };
}
