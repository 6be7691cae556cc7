import { arrivalAtPlane } from '../../../dataplanes/connections.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedNetworkPolicy, PlacedNetworkRule, PlacedPeer } from '../../../ir/placed-network-policy.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { Caller, Origin, Source } from '../../../resolve/resolved.js';
import { hbonePort } from '../../../topology/labels.js';
import { type Cluster, keyInMesh, keyOf, type Workload } from '../../../topology/model.js';
import { groupBy, sortBy, sortedNumbers, sortedUnique } from '../../../util/order.js';
import { canReach, means } from '../../reach.js';
import { podSelectors } from '../closed-egress/pod-selectors.js';
import type { PlaceContext } from '../context.js';
import { isClosed, isFreeForCompanion } from './check.js';
import { checkClusters, type Guarded, peersFromCluster } from './from-clusters.js';
import { inNamespace, peerKey, peersOf, podsOfWaypoint } from './peers.js';

/**
 * NetworkPolicies beside what Istio enforces: who may call, as far as pods and ports say it. They let in whoever a rule
 * allows and more; everything else stays with Istio.
 */
export function placeCompanions(context: PlaceContext): readonly PlacedNetworkPolicy[] {
  const { companions, topology } = context.ir;
  const asked = companions.flatMap(({ origin, workloads }) => workloads.map((workload) => ({ origin, workload })));
  const byWorkload = groupBy(asked, ({ workload }) => keyInMesh(workload));
  const once = [...byWorkload.values()].flatMap((same) => same.slice(0, 1));
  return topology.clusters.flatMap((cluster) => {
    const own = once.filter(({ workload }) => workload.cluster === cluster.name);
    const guarded = own.flatMap(({ origin, workload }) => guardedBy(context, cluster, origin, workload));
    checkClusters(context, cluster, guarded);
    return guarded.flatMap((each) => companionOf(context, cluster, each));
  });
}

function guardedBy(context: PlaceContext, cluster: Cluster, origin: Origin, workload: Workload): readonly Guarded[] {
  if (!isClosed(context, workload)) {
    const parameters = { workload: keyOf(workload), settings: origin.id.replace(/\/.*$/, '') };
    context.report(diagnostic('companion-of-open-workload', parameters, origin.span));
    return [];
  }
  if (!isFreeForCompanion(context, cluster, workload, origin.span)) return [];
  const policies = context.ir.destinations.filter(({ destination }) => destination.workloads.includes(workload));
  return [{ origin, workload, policies }];
}

function companionOf(
  context: PlaceContext,
  cluster: Cluster,
  { origin, workload, policies }: Guarded,
): readonly PlacedNetworkPolicy[] {
  const { namespace, name } = workload;
  const granted = policies.flatMap((policy) => grantedBy(context, cluster, policy, workload));
  const rules = [...joined([...waypointRules(cluster, policies, workload), ...granted]), ...ofProxies(workload)];
  const realised = policies.flatMap(({ obligations, plaintext }) => [...obligations.filter(allows), ...plaintext]);
  return podSelectors(context, cluster, {
    name: `${name}-callers`,
    workloads: [workload],
    service: undefined,
    span: origin.span,
  }).map(({ name: own, selector }) => ({
    cluster: cluster.name,
    namespace,
    name: own,
    selector,
    direction: 'ingress',
    rules,
    purpose: `whom the network lets in to ${namespace}/${name}: callers of its rules, as far as pods and ports tell; Istio decides the rest`,
    origins: [origin, ...realised.map((rule) => rule.origin)],
  }));
}

function allows({ effect, authorizer }: Obligation): boolean {
  return effect === 'Allow' && authorizer === undefined;
}

function grantedBy(
  context: PlaceContext,
  cluster: Cluster,
  policy: DestinationPolicy,
  workload: Workload,
): readonly PlacedNetworkRule[] {
  const others = context.ir.topology.clusters.filter((each) => each !== cluster);
  const senders = others.map((other) => ({
    other,
    sources: context.sources.filter((source) => source.cluster === other.name && canReach(source, policy, cluster)),
  }));
  const at = { cluster, workload, senders };
  const isBehindWaypoint = waypointOf(policy) !== undefined;
  return [
    ...policy.obligations.filter(allows).flatMap((obligation) => rulesFor(at, obligation, isBehindWaypoint)),
    ...policy.plaintext.flatMap((obligation) => rulesFor(at, obligation, false, true)),
  ];
}

/** A workload, and who of other clusters has a way to it. */
interface At {
  readonly cluster: Cluster;
  readonly workload: Workload;
  readonly senders: ReadonlyArray<{ readonly other: Cluster; readonly sources: readonly Source[] }>;
}

/** Ambient callers of a Service with a waypoint come from the pods of that. */
function rulesFor(
  { cluster, workload, senders }: At,
  obligation: Obligation,
  isBehindWaypoint: boolean,
  inPlaintext = false,
): readonly PlacedNetworkRule[] {
  const goesRound = isBehindWaypoint && obligation.named;
  const comesStraight = ({ plane }: Source) => !goesRound || plane !== 'ambient';
  return obligation.callers.flatMap((caller): readonly PlacedNetworkRule[] => {
    const calling = senders.filter(({ sources }) =>
      sources.some((source) => comesStraight(source) && means(caller, source)),
    );
    const peers = allOf([
      peersOf(cluster, caller, comesStraight),
      ...calling.map(({ other }) => peersFromCluster(cluster, other, workload.mode.plane)),
    ]);
    if (peers?.length === 0) return [];
    return [{ peers, ports: portsFor(workload, caller, obligation, inPlaintext), why: [obligation.origin.id] }];
  });
}

/** Whoever it may be stands for all others. */
function allOf(peers: ReadonlyArray<readonly PlacedPeer[] | undefined>): readonly PlacedPeer[] | undefined {
  return peers.includes(undefined) ? undefined : peers.flatMap((each) => each ?? []);
}

function portsFor(
  { mode }: Workload,
  { kind }: Caller,
  { ports }: Obligation,
  inPlaintext: boolean,
): readonly number[] | undefined {
  const isIdentified = kind === 'identities' || kind === 'namespace' || kind === 'anyAuthenticated';
  if (isIdentified && !inPlaintext && arrivalAtPlane(mode.plane).identitiesByHbone) return [hbonePort];
  const own = ports?.flatMap(({ pod }) => pod);
  return own && sortedNumbers(new Set([...own, ...(mode.hbone ? [hbonePort] : [])]));
}

/** The waypoints through which a workload is called, whoever bound its Services to them. */
function waypointRules(
  cluster: Cluster,
  policies: readonly DestinationPolicy[],
  { services, binding, mode }: Workload,
): readonly PlacedNetworkRule[] {
  const bound = [binding, ...services.map((key) => cluster.services.get(key)?.binding)].flatMap((each) =>
    each?.kind === 'bound' ? [each.waypoint] : [],
  );
  const keys = sortedUnique([...bound, ...policies.flatMap((policy) => waypointOf(policy) ?? [])]);
  const ports = mode.hbone ? [hbonePort] : undefined;
  return keys.map((key) => ({ peers: [podsOfWaypoint(key)], ports, why: [`waypoint ${key}`] }));
}

function waypointOf({ waypoint }: DestinationPolicy): string | undefined {
  return waypoint && keyOf(waypoint);
}

/** Metrics and health of the proxy, which no rule speaks of, and probes that come from an address of their own. */
function ofProxies({ mode }: Workload): readonly PlacedNetworkRule[] {
  const { ownPorts, probesFrom } = arrivalAtPlane(mode.plane);
  const scraped = { peers: [inNamespace(undefined)], ports: ownPorts, why: ['metrics and health of the sidecar'] };
  const probed = (cidr: string): PlacedNetworkRule => ({
    peers: [{ kind: 'block', cidr }],
    ports: undefined,
    why: ['probes of the kubelet (W-71)'],
  });
  return [...(ownPorts.length > 0 ? [scraped] : []), ...(probesFrom === undefined ? [] : [probed(probesFrom)])];
}

/** One rule for the same ports, with each peer once; whoever it may be stands for all others. */
function joined(rules: readonly PlacedNetworkRule[]): readonly PlacedNetworkRule[] {
  return [...groupBy(rules, ({ ports }) => ports?.join() ?? '').values()].map((group) => {
    const isForAll = group.some(({ peers }) => peers === undefined);
    const byKey = groupBy<PlacedPeer, string>(
      group.flatMap(({ peers = [] }) => peers),
      peerKey,
    );
    const peers = sortBy(
      [...byKey.values()].flatMap((same) => same.slice(0, 1)),
      peerKey,
    );
    return {
      peers: isForAll ? undefined : peers,
      ports: group[0]?.ports,
      why: sortedUnique(group.flatMap(({ why }) => why)),
    };
  });
}
