import type { ManifestObject } from '../parse/document.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { namespaceOf } from '../topology/fields.js';
import { groupKindOf } from '../topology/known-kinds.js';
import { groupBy, sortedUnique } from '../util/order.js';
import type { State } from './change.js';
import { dumpedKindOf } from './dumped-kinds.js';

/** What dumps hold of clusters that were told something. */
export interface Dump {
  /** What they hold and, wherever they tell nothing, what the project says. */
  readonly objects: readonly ClusterObject[];
  readonly unseen: readonly Unseen[];
  readonly lacking: readonly LackingKind[];
}

/** A namespace that there may be, or a kind of which every cluster has objects: the dump was made without it. */
export interface Unseen {
  readonly cluster: string;
  readonly of: 'namespace' | 'kind';
  readonly name: string;
}

/** A kind of which the dump has no object at all: perhaps nobody asked for it. */
export interface LackingKind {
  readonly cluster: string;
  readonly kind: string;
  readonly count: number;
}

/** Tells what a dump was made without from what is gone from its cluster. */
export function readDump({ objects: told }: State, found: readonly ClusterObject[]): Dump {
  const read = [...groupBy(found, ({ cluster }) => cluster)].map(([cluster, all]) => {
    const own = told.filter((each) => each.cluster === cluster).map(({ object }) => object);
    const dumped = all.map(({ object }) => object);
    return readCluster(cluster, own, dumped);
  });
  return {
    objects: [...found, ...read.flatMap(({ objects }) => objects)],
    unseen: read.flatMap(({ unseen }) => unseen),
    lacking: read.flatMap(({ lacking }) => lacking),
  };
}

/** Why something is not in a dump that the cluster may well have, or is in the project alone. */
type Absence = 'unseen-namespace' | 'unseen-kind' | 'not-asked-for' | 'lacking-kind';

function readCluster(cluster: string, told: readonly ManifestObject[], found: readonly ManifestObject[]): Dump {
  const absent = groupBy(told, absenceFrom(found, told));
  const all = (absence: Absence) => absent.get(absence) ?? [];
  const named = (of: Unseen['of'], names: readonly string[]) =>
    sortedUnique(names).map((name) => ({ cluster, of, name }));
  const taken = [...all('unseen-namespace'), ...all('unseen-kind'), ...all('not-asked-for')];
  return {
    objects: taken.map((object) => ({ cluster, object })),
    unseen: [
      ...named('namespace', all('unseen-namespace').flatMap(homesOf)),
      ...named(
        'kind',
        all('unseen-kind').map(({ kind }) => kind),
      ),
    ],
    lacking: [...groupBy(all('lacking-kind'), groupKindOf).values()].map((objects) => ({
      cluster,
      kind: objects[0]?.kind ?? '',
      count: objects.length,
    })),
  };
}

/** Every cluster has this namespace, and nobody can delete it: where it is listed, all are. */
const everywhere = 'kube-system';

/** `undefined`: the dump has the object, or it is gone. */
function absenceFrom(
  found: readonly ManifestObject[],
  told: readonly ManifestObject[],
): (object: ManifestObject) => Absence | undefined {
  const kinds = new Set(found.map(groupKindOf));
  const namespaces = new Set(found.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name));
  const areAllListed = namespaces.has(everywhere);
  const [inhabited, shown] = [told, found].map((all) => new Set(all.filter(isInhabitant).flatMap(homesOf)));
  const isHidden = (namespace: string) => inhabited?.has(namespace) && !shown?.has(namespace);
  const isGone = (namespace: string) => isHidden(namespace) && areAllListed && !namespaces.has(namespace);
  return (object) => {
    const homes = homesOf(object);
    if (homes.some(isGone)) return undefined;
    if (homes.some(isHidden)) return 'unseen-namespace';
    const isThere =
      object.kind === 'Namespace' ? areAllListed || namespaces.has(object.name) : kinds.has(groupKindOf(object));
    if (isThere) return undefined;
    const asked = dumpedKindOf(object);
    if (asked === undefined) return 'not-asked-for';
    return asked.isEverywhere ? 'unseen-kind' : 'lacking-kind';
  };
}

/** Whether an object shows that there is something in its namespace. */
function isInhabitant(object: ManifestObject): boolean {
  const asked = dumpedKindOf(object);
  return asked !== undefined && !asked.isOfCluster;
}

/** The namespace that an object is in, or is. */
function homesOf(object: ManifestObject): readonly string[] {
  if (object.kind === 'Namespace') return [object.name];
  if (isInhabitant(object)) return [namespaceOf(object)];
  return object.namespace === undefined ? [] : [object.namespace];
}
