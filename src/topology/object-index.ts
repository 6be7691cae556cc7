import type { ManifestObject } from '../parse/document.js';
import { assert } from '../util/assert.js';
import { oncePer } from '../util/once.js';
import { compareText, groupBy, sortBy } from '../util/order.js';
import type { NamespaceObjects } from './drafts.js';
import {
  changesWeights,
  holdsLimits,
  holdsPodTemplate,
  kindsIn,
  nothing,
  nothingStands,
  type ObjectsByKind,
} from './kinds-in-namespace.js';
import type { ObjectsByNamespace } from './objects-by-namespace.js';
import type { Reading } from './reading.js';

/** One cluster's objects by `Kind`, Istio's own Gateways as `IstioGateway`; each kind sorted by namespace and name; what is no part of a topology is counted. */
export interface ObjectIndex {
  /** Of one kind it is the same list for as long as the same objects are given; likewise below. */
  of(...kinds: readonly string[]): readonly ManifestObject[];
  /** The same of one namespace. */
  inNamespace(namespace: string, kind: string): readonly ManifestObject[];
  /** What says what stands in a namespace: one thing for as long as the same objects are given. */
  standingIn(namespace: string): NamespaceObjects;
  /** All that is read, but for some kinds: a list for each kind. */
  allBut(kinds: ReadonlySet<string>): ReadonlyArray<readonly ManifestObject[]>;
  /** Objects of any other kind that hold a pod template, sorted: Rollouts, CloneSets and the like. */
  readonly otherPodMakers: readonly ManifestObject[];
  /** ConfigMaps with limits as envoyproxy/ratelimit reads them, sorted. */
  readonly limitConfigs: readonly ManifestObject[];
  /** Rollouts of Argo, with a template or without, and Canaries of Flagger, sorted. */
  readonly rollouts: readonly ManifestObject[];
  /** How many objects of each `apiVersion/kind` were not read, sorted. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Every namespace that a namespaced object of a known kind lives in. */
  readonly namespaceNames: ReadonlySet<string>;
}

/** The index of a cluster's objects, whatever their order in the input. */
export function indexObjects(cluster: string, objects: ObjectsByNamespace, reading: Reading): ObjectIndex {
  const { recall } = reading;
  const homes = new Map(
    [...objects.keys()]
      .sort(compareText)
      .map((home) => [home, kindsIn(`${cluster}/${home}`, objects.get(home) ?? nothing, reading)] as const),
  );
  const namespaces = [...homes.values()];
  const known = joined(namespaces.map((kinds) => kinds.known));
  const others = joined(namespaces.map((kinds) => kinds.others));
  const of = oncePer((kind: string) => {
    const lists = known.get(kind) ?? [];
    return recall('objects of a kind in', `${cluster} ${kind}`, lists, () => lists.flat());
  });
  const read = [...others.values()].flat(2);
  return {
    of: (...kinds) => {
      const [only, ...more] = kinds.map(of);
      return only === undefined || more.length > 0 ? kinds.flatMap(of) : only;
    },
    inNamespace: (namespace, kind) => homes.get(namespace)?.known.get(kind) ?? nothing,
    standingIn: (namespace) => homes.get(namespace)?.standing ?? nothingStands,
    allBut: (kinds) => [
      ...[...known.keys()].flatMap((kind) => (kinds.has(kind) ? [] : [of(kind)])),
      ...[...others.values()].flat(),
    ],
    otherPodMakers: read.filter(holdsPodTemplate),
    limitConfigs: read.filter(holdsLimits),
    rollouts: read.filter(changesWeights),
    ignored: sumOf(namespaces.map(({ ignored }) => ignored)),
    namespaceNames: new Set([...homes].flatMap(([home, { isInhabited }]) => (isInhabited ? [home] : []))),
  };
}

/** The lists of each kind, namespace by namespace; the kinds sorted. */
function joined(namespaces: readonly ObjectsByKind[]): ReadonlyMap<string, ReadonlyArray<readonly ManifestObject[]>> {
  const lists = groupBy(
    namespaces.flatMap((kinds) => [...kinds]),
    ([kind]) => kind,
  );
  return new Map(sortBy(lists, ([kind]) => kind).map(([kind, all]) => [kind, all.map(([, objects]) => objects)]));
}

function sumOf(counts: ReadonlyArray<ReadonlyMap<string, number>>): ReadonlyMap<string, number> {
  const kinds = groupBy(
    counts.flatMap((each) => [...each]),
    ([kind]) => kind,
  );
  const sums = [...kinds].map(([kind, all]) => [kind, all.reduce((sum, [, count]) => sum + count, 0)] as const);
  return new Map(sortBy(sums, ([kind]) => kind));
}

/** The same index for whoever must not ask for some kinds. */
export function indexWithout(index: ObjectIndex, hidden: ReadonlySet<string>): ObjectIndex {
  const shown = (kinds: readonly string[]) => {
    assert(!kinds.some((kind) => hidden.has(kind)), `${kinds.join()}: kinds that are read elsewhere`);
    return kinds;
  };
  return {
    ...index,
    of: (...kinds) => index.of(...shown(kinds)),
    inNamespace: (namespace, kind) => {
      shown([kind]);
      return index.inNamespace(namespace, kind);
    },
  };
}
