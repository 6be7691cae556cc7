import { type Cluster, keyOf } from '../topology/model.js';
import type { Progress } from '../util/progress.js';
import type { Change, ChangeKind, Changes, Place, State, Undecided } from './change.js';
import { compareMeshes } from './compare-meshes.js';
import type { Unseen } from './dump.js';

/** What a cluster does otherwise than it was told, and what of it nothing was told about. */
export interface Drift {
  readonly changes: Changes;
  /** Workloads of the cluster that are not among the manifests. */
  readonly unknown: number;
}

export interface DriftOptions {
  /** What the dumps tell nothing of: it is as the project says in both states, and not compared. */
  readonly unseen: readonly Unseen[];
  /** Whether the project says a setting of Istio; another than what is taken where nobody does is no drift by itself. */
  isSaid(cluster: string, setting: string): boolean;
  readonly progress?: Progress | undefined;
}

/** What comes and goes beside what was told is no drift, and neither is where the same is enforced. */
const beside: readonly ChangeKind[] = ['workload-added', 'waypoint-added', 'enforcement-moved', 'doubt-settled'];

/**
 * Compares what clusters were told with what they hold: by what becomes of requests, never by text. Whatever is not among
 * the manifests may be there; only its effect on what is counts.
 */
export function driftOf(told: State, found: State, { unseen, isSaid, progress }: DriftOptions): Drift {
  const changes = compareMeshes(told, found, { isOfCluster: true, progress });
  const unknown = changes.changes.filter(({ kind }) => kind === 'workload-added').length;
  const isHidden = ({ kind, cluster, name }: Place) =>
    kind !== 'cluster' &&
    unseen.some((each) => each.of === 'namespace' && each.cluster === cluster && name.startsWith(`${each.name}/`));
  const isKnown = (place: Place) => isThere(told, place) && !isHidden(place);
  return {
    changes: {
      ...changes,
      changes: changes.changes
        .filter(({ kind, cluster, setting }) => !beside.includes(kind) && (!setting || isSaid(cluster, setting)))
        .flatMap((change) => within(change, isKnown)),
      compared: { ...changes.compared, places: changes.compared.places - unknown },
      undecided: [
        ...unseen.map(notCompared),
        ...changes.undecided.filter(({ places }) => places.length === 0 || places.some(isKnown)),
      ],
    },
    unknown,
  };
}

function notCompared({ cluster, of, name }: Unseen): Undecided {
  return { fact: `the dump of cluster ${cluster} holds nothing of ${of} \`${name}\``, isCrossing: false, places: [] };
}

/** The part of a change that is about what is among the manifests. */
function within(change: Change, isKnown: (place: Place) => boolean): readonly Change[] {
  const [place, ...others] = [change.place, ...change.others].filter(isKnown);
  return place === undefined ? [] : [{ ...change, place, others }];
}

function isThere({ mesh }: State, { kind, cluster, name }: Place): boolean {
  const at = mesh.clusters.get(cluster)?.cluster;
  if (kind === 'cluster') return true;
  return at !== undefined && (placesOf(at)[kind]?.has(name) ?? false);
}

function placesOf({
  workloads,
  gateways,
  waypoints,
  services,
}: Cluster): Readonly<Record<string, ReadonlySet<string>>> {
  const names = (all: ReadonlyMap<string, { readonly namespace: string; readonly name: string }>) =>
    new Set([...all.values()].map(keyOf));
  return {
    workload: names(workloads),
    gateway: names(gateways),
    waypoint: names(waypoints),
    service: names(services),
  };
}
