import { capability, podPoint } from '../dataplanes/capabilities.js';
import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation, PolicyIr, WaypointChoice } from '../ir/policy-ir.js';
import { destinationLabel } from '../resolve/destinations.js';
import type { Caller, Source } from '../resolve/resolved.js';
import { indexSources } from '../resolve/sources.js';
import { type Binding, type Cluster, keyOf, type Service, type Waypoint } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import { clusterOf } from './clusters.js';
import type { Pass } from './pass.js';
import { mayCall } from './reach.js';

/**
 * Decides which destinations have a waypoint in front: those that are bound to one already, and those with something
 * to enforce that their pods' own proxy cannot see. One waypoint a namespace serves all of its services that need one;
 * an existing one is used before a new one is planned, and services that need none are left alone.
 */
export const planWaypoints: Pass = {
  name: 'plan-waypoints',
  run: (ir) => {
    const diagnostics: Diagnostic[] = [];
    const sources = indexSources(ir.topology).all;
    const destinations = ir.destinations.map((policy) => ({ ...policy, waypoint: choose(ir, policy, sources, diagnostics) }));
    return { value: { ...ir, destinations }, diagnostics };
  },
};

function choose(ir: PolicyIr, policy: DestinationPolicy, sources: readonly Source[], diagnostics: Diagnostic[]): WaypointChoice | undefined {
  const { service } = policy.destination;
  if (service === undefined || !service.hasVip) return undefined;
  const cluster = clusterOf(ir.topology, policy.destination.cluster);
  const because = causes(policy, cluster, sources);
  if (service.binding.kind !== 'bound' && because.length === 0) return undefined;
  const ingress = service.ingressUsesWaypoint || wantsIngress(policy, cluster, sources);
  if (service.binding.kind === 'bound') return existing(cluster, service.binding, because, ingress);
  const refusal = refusalOf(service.binding);
  if (refusal !== undefined) {
    const span = firstCause(policy)?.span ?? policy.traffic?.origin.span ?? null;
    diagnostics.push(diagnostic('waypoint-refused', { destination: destinationLabel(policy.destination), why: refusal.why }, span, { help: refusal.help }));
    return undefined;
  }
  const wanted = service.binding.kind === 'broken' ? nameOf(service.binding.waypoint) : undefined;
  return { ...waypointFor(cluster, service, wanted), because, ingress, bound: wanted !== undefined };
}

/** Why a waypoint is needed: each rule that the pods' own proxy cannot enforce, and traffic settings with ambient callers. */
function causes(policy: DestinationPolicy, cluster: Cluster, sources: readonly Source[]): string[] {
  const rules = policy.obligations.flatMap((obligation) => {
    const unseen = unseenAttributes(policy, obligation, cluster);
    return unseen.length > 0 ? [`${obligation.origin.id} matches on ${unseen.join(' and ')}, which ztunnel cannot see`] : [];
  });
  const ambient = policy.traffic && sources.some((source) => source.plane === 'ambient' && mayCall(source, policy, cluster));
  return sortedUnique([...rules, ...(ambient ? [`${policy.traffic?.origin.id} routes requests of ambient callers`] : [])]);
}

function unseenAttributes({ destination }: DestinationPolicy, { conditions }: Obligation, cluster: Cluster): string[] {
  const points = new Set(destination.workloads.flatMap(({ mode }) => podPoint[mode.plane] ?? []));
  const unseen = conditions.filter(({ key }) =>
    [...points].some((point) => !capability(point, key, cluster.settings.istio).enforced),
  );
  return sortedUnique(unseen.map(({ key }) => key));
}

function firstCause({ obligations }: DestinationPolicy): Obligation | undefined {
  return obligations.find(({ layer }) => layer === 'L7');
}

/** Gateways come through the waypoint as soon as one of them may call: past it, nothing would read their requests. */
function wantsIngress(policy: DestinationPolicy, cluster: Cluster, sources: readonly Source[]): boolean {
  const hasRequests = policy.obligations.some(({ layer }) => layer === 'L7');
  if (!hasRequests && !policy.obligations.some(({ callers }) => callers.some(isGateway))) return false;
  return sources.some((source) => source.plane === 'gateway' && mayCall(source, policy, cluster));
}

function isGateway(caller: Caller): boolean {
  return caller.kind === 'identities' && caller.members.some(({ plane }) => plane === 'gateway');
}

function existing(cluster: Cluster, binding: Extract<Binding, { kind: 'bound' }>, because: readonly string[], ingress: boolean): WaypointChoice | undefined {
  const waypoint = cluster.waypoints.get(binding.waypoint);
  return waypoint && { ...choiceOf(waypoint), bound: true, because, ingress };
}

function choiceOf({ cluster, namespace, name, serviceAccount }: Waypoint): Omit<WaypointChoice, 'because' | 'ingress' | 'bound'> {
  return { cluster, namespace, name, serviceAccount, exists: true };
}

/** The namespace's own waypoint: the one that a label already names, the first that serves Services, or a new one. */
function waypointFor(cluster: Cluster, service: Service, wanted: string | undefined): Omit<WaypointChoice, 'because' | 'ingress' | 'bound'> {
  const { namespace } = service;
  const usable = [...cluster.waypoints.values()].find(
    (waypoint) =>
      waypoint.namespace === namespace && waypoint.className === 'istio-waypoint' && ['service', 'all'].includes(waypoint.waypointFor) && waypoint.ready,
  );
  if (usable && wanted === undefined) return choiceOf(usable);
  const name = wanted ?? freeName(cluster, namespace);
  return { cluster: cluster.name, namespace, name, serviceAccount: name, exists: false };
}

/** A waypoint's Deployment, Service and ServiceAccount take its name, so the name must be free for all of them (W-40). */
function freeName(cluster: Cluster, namespace: string): string {
  const isTaken = (name: string) => {
    const key = keyOf({ namespace, name });
    return cluster.services.has(key) || cluster.workloads.has(key) || cluster.gateways.has(key) || cluster.waypoints.has(key) || cluster.serviceAccounts.has(key);
  };
  const candidates = ['waypoint', 'istio-waypoint', `${namespace}-waypoint`];
  return candidates.find((name) => !isTaken(name)) ?? 'ambit-waypoint';
}

function refusalOf(binding: Binding): { readonly why: string; readonly help: string } | undefined {
  if (binding.kind === 'opted-out') {
    return {
      why: `label \`istio.io/use-waypoint: none\` on its ${binding.by} opts it out`,
      help: `remove the label from the ${binding.by}, or match on callers and ports only`,
    };
  }
  if (binding.kind !== 'broken' || binding.reason === 'missing') return undefined;
  const reasons = {
    'not-ready': 'is not ready',
    'attachment-denied': 'does not admit its namespace',
    'unsupported-traffic-type': 'does not serve Services',
    'no-vip': 'needs a virtual IP',
  } as const;
  return {
    why: `\`${binding.waypoint}\`, which its ${binding.by} names, ${reasons[binding.reason]}`,
    help: `mend the Gateway \`${binding.waypoint}\`, or drop the label from the ${binding.by} so that Ambit plans one`,
  };
}

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
