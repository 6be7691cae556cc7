import type { WaypointChoice } from '../../ir/policy-ir.js';
import { isManaged } from '../../parse/document.js';
import type { WaypointPlace } from '../../resolve/waypoints/waypoint-policies.js';
import { allowsAttachment } from '../../topology/binding.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { type Cluster, keyOf, type Service, type Waypoint } from '../../topology/model.js';
import type { WaypointRefusal } from './waypoint-refusal.js';

type Chosen = Omit<WaypointChoice, 'because' | 'ingress' | 'bound'>;

/**
 * The waypoint of a Service that has none yet: one that its label already names, or the one that stands where the project
 * says.
 */
export function waypointFor(
  place: WaypointPlace,
  cluster: Cluster,
  service: Service,
  wanted: string | undefined,
): Chosen | WaypointRefusal {
  const { namespace } = service;
  if (wanted?.startsWith(`${namespace}/`)) return newWaypoint(cluster, namespace, wanted.slice(namespace.length + 1));
  if (place.kind === 'Shared') return sharedWaypoint(cluster, service, place);
  return place.kind === 'Service' ? waypointOfService(cluster, service) : waypointOfNamespace(cluster, namespace);
}

/** A waypoint that Ambit wrote is written again, with its labels: what an output leaves out, a prune takes away. */
export function choiceOf({ cluster, namespace, name, serviceAccount, object }: Waypoint): Chosen {
  return { cluster, namespace, name, serviceAccount, exists: !isManaged(object) };
}

function newWaypoint({ name: cluster }: Cluster, namespace: string, name: string): Chosen {
  return { cluster, namespace, name, serviceAccount: name, exists: false };
}

/** The first of the namespace that serves Services, or a new one. */
function waypointOfNamespace(cluster: Cluster, namespace: string): Chosen {
  const usable = [...cluster.waypoints.values()].find(
    (waypoint) => waypoint.namespace === namespace && faultOf(waypoint, cluster, namespace) === undefined,
  );
  if (usable) return choiceOf(usable);
  const candidates = ['waypoint', 'istio-waypoint', `${namespace}-waypoint`];
  const name = candidates.find((each) => takenBy(cluster, namespace, each) === undefined) ?? 'ambit-waypoint';
  return newWaypoint(cluster, namespace, name);
}

function waypointOfService(cluster: Cluster, service: Service): Chosen {
  const { namespace } = service;
  const stem = nameOf(service);
  const isFree = (name: string) => {
    const there = cluster.waypoints.get(keyOf({ namespace, name }));
    return there === undefined ? takenBy(cluster, namespace, name) === undefined : isManaged(there.object);
  };
  const name = [`${stem}-waypoint`, `${stem}-istio-waypoint`].find(isFree) ?? `${stem}-ambit-waypoint`;
  return newWaypoint(cluster, namespace, name);
}

/** A host outside may have a star in its name, and begin with a digit, which the name of a Service may not. */
function nameOf(service: Service): string {
  if (!isHostOfEntry(service)) return service.name;
  const words = service.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `host-${words.replaceAll(/^-|-$/g, '')}`;
}

function sharedWaypoint(
  cluster: Cluster,
  service: Service,
  place: Extract<WaypointPlace, { kind: 'Shared' }>,
): Chosen | WaypointRefusal {
  const { namespace, name } = place;
  const key = keyOf(place);
  const help = 'correct `waypoints` in the project file';
  if (!cluster.namespaces.has(namespace)) {
    return { why: `waypoint \`${key}\` would be in a namespace that cluster \`${cluster.name}\` does not have`, help };
  }
  if (cluster.namespaces.get(namespace)?.isWatched === false) {
    return { why: `waypoint \`${key}\` would be in a namespace that istiod does not watch`, help };
  }
  const there = cluster.waypoints.get(key);
  if (there === undefined) {
    const kind = takenBy(cluster, namespace, name);
    if (kind === undefined) return newWaypoint(cluster, namespace, name);
    return { why: `a ${kind} has the name of waypoint \`${key}\` already, and Istio makes one for a waypoint`, help };
  }
  if (isManaged(there.object)) return choiceOf(there);
  const fault = faultOf(there, cluster, service.namespace);
  return fault === undefined
    ? choiceOf(there)
    : { why: `waypoint \`${key}\` ${fault}`, help: `mend Gateway \`${key}\`` };
}

/** Why objects of a namespace could not use an existing waypoint. */
function faultOf(waypoint: Waypoint, cluster: Cluster, namespace: string): string | undefined {
  if (waypoint.className !== 'istio-waypoint') return `is of class \`${waypoint.className}\``;
  if (!['service', 'all'].includes(waypoint.waypointFor)) return 'does not serve Services';
  if (!waypoint.ready) return 'is not ready';
  if (waypoint.unserved !== undefined) return 'asks for a revision that no istiod has';
  const labels = cluster.namespaces.get(namespace)?.labels ?? {};
  return allowsAttachment(waypoint, namespace, labels) ? undefined : `does not admit namespace \`${namespace}\``;
}

/** A waypoint's Deployment, Service and ServiceAccount take its name, so the name must be free for all of them (W-40). */
function takenBy(cluster: Cluster, namespace: string, name: string): string | undefined {
  const key = keyOf({ namespace, name });
  if (cluster.gateways.has(key) || cluster.waypoints.has(key)) return 'Gateway';
  if (cluster.services.has(key)) return 'Service';
  if (cluster.workloads.has(key)) return 'workload';
  return cluster.serviceAccounts.has(key) ? 'ServiceAccount' : undefined;
}
