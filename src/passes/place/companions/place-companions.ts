import { arrivalAtPlane } from '../../../dataplanes/connections.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedCompanion, PlacedIngressRule, PlacedPeer } from '../../../ir/placed-companion.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { Caller } from '../../../resolve/resolved.js';
import type { ResolvedCompanions } from '../../../resolve/resolved-companions.js';
import { hbonePort } from '../../../topology/labels.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import { groupBy, sortBy, sortedNumbers, sortedUnique } from '../../../util/order.js';
import { podSelectors } from '../closed-egress/pod-selectors.js';
import type { PlaceContext } from '../context.js';
import { isClosed, isFreeForCompanion } from './check.js';
import { inNamespace, peerKey, peersOf, podsOfWaypoint } from './peers.js';

/**
 * NetworkPolicies beside what Istio enforces: who may call, as far as pods and ports say it. They let in whoever a rule
 * allows and more; everything else stays with Istio.
 */
export function placeCompanions(context: PlaceContext): readonly PlacedCompanion[] {
  const { companions, topology } = context.ir;
  const [cluster, ...others] = topology.clusters;
  if (cluster === undefined || others.length > 0) {
    for (const { origin } of companions) context.report(diagnostic('companions-between-clusters', {}, origin.span));
    return [];
  }
  const asked = companions.flatMap((settings) => settings.workloads.map((workload) => ({ settings, workload })));
  const byWorkload = [...groupBy(asked, ({ workload }) => keyOf(workload)).values()];
  return byWorkload.flatMap(([first]) => (first ? companionOf(context, cluster, first.settings, first.workload) : []));
}

function companionOf(
  context: PlaceContext,
  cluster: Cluster,
  { origin }: ResolvedCompanions,
  workload: Workload,
): readonly PlacedCompanion[] {
  const { namespace, name } = workload;
  if (!isClosed(context, workload)) {
    const parameters = { workload: keyOf(workload), settings: origin.id.replace(/\/.*$/, '') };
    context.report(diagnostic('companion-of-open-workload', parameters, origin.span));
    return [];
  }
  if (!isFreeForCompanion(context, cluster, workload, origin.span)) return [];
  const policies = context.ir.destinations.filter(({ destination }) => destination.workloads.includes(workload));
  const granted = policies.flatMap((policy) => grantedBy(cluster, policy, workload));
  const ingress = [...joined([...waypointRules(cluster, policies, workload), ...granted]), ...ofProxies(workload)];
  const rules = policies.flatMap(({ obligations, plaintext }) => [...obligations.filter(allows), ...plaintext]);
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
    ingress,
    purpose: `whom the network lets in to ${namespace}/${name}: callers of its rules, as far as pods and ports tell; Istio decides the rest`,
    origins: [origin, ...rules.map((rule) => rule.origin)],
  }));
}

function allows({ effect, authorizer }: Obligation): boolean {
  return effect === 'Allow' && authorizer === undefined;
}

function grantedBy(cluster: Cluster, policy: DestinationPolicy, workload: Workload): readonly PlacedIngressRule[] {
  const isBehindWaypoint = waypointOf(policy) !== undefined;
  return [
    ...policy.obligations
      .filter(allows)
      .flatMap((obligation) => rulesFor(cluster, workload, obligation, isBehindWaypoint)),
    ...policy.plaintext.flatMap((obligation) => rulesFor(cluster, workload, obligation, false, true)),
  ];
}

/** Ambient callers of a Service with a waypoint come from the pods of that. */
function rulesFor(
  cluster: Cluster,
  workload: Workload,
  obligation: Obligation,
  isBehindWaypoint: boolean,
  inPlaintext = false,
): readonly PlacedIngressRule[] {
  const goesRound = isBehindWaypoint && obligation.named;
  return obligation.callers.flatMap((caller): readonly PlacedIngressRule[] => {
    const peers = peersOf(cluster, caller, ({ plane }) => !goesRound || plane !== 'ambient');
    if (peers?.length === 0) return [];
    return [{ peers, ports: portsFor(workload, caller, obligation, inPlaintext), why: [obligation.origin.id] }];
  });
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
): readonly PlacedIngressRule[] {
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
function ofProxies({ mode }: Workload): readonly PlacedIngressRule[] {
  const { ownPorts, probesFrom } = arrivalAtPlane(mode.plane);
  const scraped = { peers: [inNamespace(undefined)], ports: ownPorts, why: ['metrics and health of the sidecar'] };
  const probed = (cidr: string): PlacedIngressRule => ({
    peers: [{ kind: 'block', cidr }],
    ports: undefined,
    why: ['probes of the kubelet (W-71)'],
  });
  return [...(ownPorts.length > 0 ? [scraped] : []), ...(probesFrom === undefined ? [] : [probed(probesFrom)])];
}

/** One rule for the same ports, with each peer once; whoever it may be stands for all others. */
function joined(rules: readonly PlacedIngressRule[]): readonly PlacedIngressRule[] {
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
