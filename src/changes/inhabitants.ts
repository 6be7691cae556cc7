import type { ManifestObject } from '../parse/document.js';
import { type Cluster, infrastructure, keyOf, type Waypoint, type Workload } from '../topology/model.js';
import { causeIn } from './causes.js';
import type { Change, ChangeKind, Place } from './change.js';
import { objectKey } from './objects.js';
import type { Pair } from './pair.js';

/** Workloads and waypoints that come and go, and workloads that another data plane serves. */
export function inhabitantChanges(pair: Pair, before: Cluster, after: Cluster): readonly Change[] {
  return [...waypointChanges(pair, before, after), ...workloadChanges(pair, before, after)];
}

function workloadChanges(pair: Pair, before: Cluster, after: Cluster): readonly Change[] {
  const isServing = ({ mode }: Workload) => !infrastructure.has(mode.plane);
  const gone = [...before.workloads.values()].filter((each) => isServing(each) && !after.workloads.has(keyOf(each)));
  const came = [...after.workloads.values()].filter((each) => isServing(each) && !before.workloads.has(keyOf(each)));
  const kept = [...after.workloads.values()].flatMap((each) => {
    const was = before.workloads.get(keyOf(each));
    return was !== undefined && was.mode.plane !== each.mode.plane ? [{ was, is: each }] : [];
  });
  const own = ({ object }: Workload) => [object];
  const withNamespace = (each: Workload) => [each.object, after.namespaces.get(each.namespace)?.object];
  return [
    ...came.map((each) => change(pair, 'workload-added', 'workload', each, own(each), { is: planeOf(each) })),
    ...gone.map((each) => change(pair, 'workload-removed', 'workload', each, own(each), { was: planeOf(each) })),
    ...kept.map(({ was, is }) =>
      change(pair, 'data-plane-changed', 'workload', is, withNamespace(is), { was: planeOf(was), is: planeOf(is) }),
    ),
  ];
}

function planeOf({ mode: { plane, because } }: Workload): string {
  return `${plane === 'none' ? 'outside the mesh' : plane} (${because})`;
}

function waypointChanges(pair: Pair, before: Cluster, after: Cluster): readonly Change[] {
  const gone = [...before.waypoints.values()].filter((each) => !after.waypoints.has(keyOf(each)));
  const came = [...after.waypoints.values()].filter((each) => !before.waypoints.has(keyOf(each)));
  const costs = (cluster: Cluster, each: Waypoint) => costOf(cluster, keyOf(each));
  return [
    ...came.map((each) =>
      change(pair, 'waypoint-added', 'waypoint', each, [each.object], { is: `it costs ${costs(after, each)}` }),
    ),
    ...gone.map((each) =>
      change(pair, 'waypoint-removed', 'waypoint', each, [each.object], { was: `it cost ${costs(before, each)}` }),
    ),
  ];
}

/** What a waypoint costs: its own pods, and a proxy more on the way to everything that is bound to it. */
function costOf({ services, workloads }: Cluster, waypoint: string): string {
  const isBound = ({ binding }: { readonly binding: Workload['binding'] }) =>
    binding.kind === 'bound' && binding.waypoint === waypoint;
  const bound = [[...services.values()].filter(isBound), [...workloads.values()].filter(isBound)];
  const [ofServices = 0, ofWorkloads = 0] = bound.map(({ length }) => length);
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `at least one pod of its own, and a proxy on the way to ${counted(ofServices, 'Service')} and ${counted(ofWorkloads, 'workload')}`;
}

interface Inhabitant {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** `bearers`: the objects of which one brings it about. */
function change(
  pair: Pair,
  kind: ChangeKind,
  what: Place['kind'],
  inhabitant: Inhabitant,
  bearers: ReadonlyArray<ManifestObject | undefined>,
  words: Pick<Change, 'was' | 'is'>,
): Change {
  const { cluster } = inhabitant;
  const keys = bearers.flatMap((each) => (each === undefined ? [] : [objectKey(cluster, each)]));
  const causes = keys.flatMap((key) => causeIn(pair, key));
  return { kind, cluster, place: { kind: what, cluster, name: keyOf(inhabitant) }, ...words, causes, others: [] };
}
