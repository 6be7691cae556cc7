import type { ManifestObject } from '../parse/document.js';
import { type Cluster, infrastructure, keyOf, type Mode, type Waypoint, type Workload } from '../topology/model.js';
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
    return was === undefined ? [] : planesOf(pair, was, each).map((planes) => ({ ...planes, workload: each }));
  });
  const own = ({ object }: Workload) => [object];
  const withNamespace = (each: Workload) => [each.object, after.namespaces.get(each.namespace)?.object];
  return [
    ...came.map((each) => change(pair, 'workload-added', 'workload', each, own(each), { is: planeOf(each.mode) })),
    ...gone.map((each) => change(pair, 'workload-removed', 'workload', each, own(each), { was: planeOf(each.mode) })),
    ...kept.map(({ workload, was, is }) =>
      change(pair, 'data-plane-changed', 'workload', workload, withNamespace(workload), { was, is }),
    ),
  ];
}

/** By which data plane a workload is served otherwise; in a cluster also once its pods are started anew. */
function planesOf(
  { isOfCluster }: Pair,
  was: Workload,
  is: Workload,
): ReadonlyArray<{ readonly was: string; readonly is: string }> {
  if (was.mode.plane !== is.mode.plane) return [{ was: planeOf(was.mode), is: planeOf(is.mode) }];
  const isOtherLater = isOfCluster && was.modeOnRestart.plane !== is.modeOnRestart.plane;
  const later = `${planeName(is.mode)} until its pods start anew, and then ${planeOf(is.modeOnRestart)}`;
  return isOtherLater ? [{ was: planeOf(was.modeOnRestart), is: later }] : [];
}

function planeOf(mode: Mode): string {
  return `${planeName(mode)} (${mode.because})`;
}

function planeName({ plane }: Mode): string {
  return plane === 'none' ? 'outside the mesh' : plane;
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
