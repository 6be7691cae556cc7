import { wayOutOf } from '../../../dataplanes/egress.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedNetworkPolicy, PlacedPeer } from '../../../ir/placed-network-policy.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { Condition } from '../../../parse/ast.js';
import { label } from '../../../topology/labels.js';
import { type Cluster, keyOf, type LabelSelector, type Service, type Workload } from '../../../topology/model.js';
import { isIpBlock } from '../../../util/ip.js';
import { groupBy, sortedUnique } from '../../../util/order.js';
import { type EgressOpening, egressRulesTo } from '../../egress-rules.js';
import type { PlaceContext } from '../context.js';
import { checkBackstops } from './check-backstops.js';
import { checkScope, tellHowItIsClosed } from './check-scope.js';
import { type ClosedScope, closedScopes } from './closed-scopes.js';
import { podSelectors } from './pod-selectors.js';

/**
 * What closes the way out of the mesh: no proxy does (istio-traffic-topology T-84, F-46). Pods of the cluster stay open to
 * each other, waypoints and gateways among them; what leaves by these is asked for its caller there.
 */
export function placeClosedEgress(context: PlaceContext): readonly PlacedNetworkPolicy[] {
  return context.ir.topology.clusters.flatMap((cluster) => {
    const all = closedScopes(context.ir, cluster);
    const scopes = all.filter(({ isOwnBackstop }) => isOwnBackstop);
    for (const scope of scopes) checkScope(context, cluster, scope);
    tellHowItIsClosed(context, scopes);
    checkBackstops(context, cluster, all);
    return [
      ...scopes.flatMap((scope) => closing(context, cluster, scope)),
      ...scopes.flatMap((scope) => sparedGateways(cluster, scope)),
      ...context.ir.destinations
        .filter(({ destination }) => destination.cluster === cluster.name)
        .flatMap((policy) => openingsTo(context, policy).flatMap((each) => opening(context, cluster, policy, each))),
    ];
  });
}

/** Settings of the mesh open a host to workloads of several parts: those of one namespace are let out together. */
function openingsTo({ ir }: PlaceContext, policy: DestinationPolicy): readonly EgressOpening[] {
  const openings = egressRulesTo(ir, policy).filter(({ settings }) => settings.isOwnBackstop);
  const groups = groupBy(openings, ({ settings, rule, port }) =>
    [settings.scope.namespace, rule.origin.id, port].join('\n'),
  );
  return [...groups.values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...first, callers: same.flatMap(({ callers }) => callers) })),
  );
}

/** Pods of waypoints and of gateways that Istio makes have this label. */
const noGateways: LabelSelector = {
  matchLabels: {},
  matchExpressions: [{ key: label.gatewayName, operator: 'DoesNotExist', values: [] }],
};

const allPods: PlacedPeer = { kind: 'pods', namespaces: undefined, labels: undefined };

/** Pods of other clusters are of the mesh too, by the addresses at which these are reached. */
function podsOfOthers({ ir }: PlaceContext, cluster: Cluster): readonly PlacedPeer[] {
  const others = ir.topology.clusters.filter((each) => each !== cluster);
  const blocks = others.flatMap(({ settings }) => settings.ipBlocks ?? []);
  return sortedUnique(blocks).map((cidr) => ({ kind: 'block', cidr }));
}

function closing(context: PlaceContext, cluster: Cluster, closed: ClosedScope): readonly PlacedNetworkPolicy[] {
  const { scope, workloads, origins, label: what } = closed;
  const others = podsOfOthers(context, cluster);
  const called = others.length === 0 ? 'pods of the cluster' : 'pods of the cluster and of others of the mesh';
  const base: Omit<PlacedNetworkPolicy, 'name' | 'selector'> = {
    cluster: cluster.name,
    namespace: scope.namespace,
    direction: 'egress',
    rules: [{ peers: [allPods, ...others], ports: undefined, why: [] }],
    purpose: `${what.replaceAll('`', '')} calls ${called}, and outside nothing but what other policies open`,
    origins,
  };
  if (scope.kind === 'namespace') return [{ ...base, name: 'default-deny-egress', selector: noGateways }];
  const span = origins[0]?.span ?? null;
  const service = serviceOf(cluster, closed);
  return podSelectors(context, cluster, { name: `${scope.name}-deny-egress`, workloads, service, span }).map(
    ({ name, selector }) => ({ ...base, name, selector }),
  );
}

function serviceOf({ services }: Cluster, { scope }: ClosedScope): Service | undefined {
  return scope.kind === 'service' ? services.get(keyOf(scope)) : undefined;
}

/** A gateway has settings of its own: what it sends is not what workloads of the namespace send. */
function sparedGateways({ gateways, name: cluster }: Cluster, { scope, origins }: ClosedScope) {
  if (scope.kind !== 'namespace') return [];
  const inside = [...gateways.values()].filter(
    ({ namespace, podLabels }) => namespace === scope.namespace && podLabels[label.gatewayName] === undefined,
  );
  return inside.map(
    ({ namespace, name, podLabels }): PlacedNetworkPolicy => ({
      cluster,
      namespace,
      name: `${name}-egress-stays-open`,
      selector: { matchLabels: podLabels, matchExpressions: [] },
      direction: 'egress',
      rules: [{ peers: undefined, ports: undefined, why: [] }],
      purpose: `gateway ${namespace}/${name} is not meant by the default, which would reach it`,
      origins,
    }),
  );
}

/** The way to a host for callers who come through no waypoint: to its addresses, from their pods alone. */
function opening(
  context: PlaceContext,
  cluster: Cluster,
  { destination, traffic, waypoint }: DestinationPolicy,
  { settings, rule, port, conditions, callers }: EgressOpening,
): readonly PlacedNetworkPolicy[] {
  const { service } = destination;
  if (service === undefined) return [];
  const straight = callers.filter(({ mode }) => !wayOutOf(mode.plane).throughWaypoint);
  const stranded = callers.find(({ mode }) => wayOutOf(mode.plane).throughWaypoint && waypoint === undefined);
  if (stranded) reportNoWay(context, stranded, service.host, rule.origin.span, noWaypoint);
  const [first] = straight;
  if (first === undefined || traffic?.through !== undefined) return [];
  checkSeen(context, first, conditions, `${service.host}:${port}`);
  const addresses = addressesOf(service);
  if (addresses.length === 0) {
    const { because } = wayOutOf(first.mode.plane);
    reportNoWay(context, first, service.host, rule.origin.span, `${because}, and where that is only DNS says`);
    return [];
  }
  const target = service.ports.find(({ number }) => number === port)?.targetPort;
  const peers = addresses.map(
    (address): PlacedPeer => ({ kind: 'block', cidr: `${address}/${address.includes(':') ? 128 : 32}` }),
  );
  const base: Omit<PlacedNetworkPolicy, 'name' | 'selector'> = {
    cluster: cluster.name,
    namespace: settings.scope.namespace,
    direction: 'egress',
    rules: [{ peers, ports: [typeof target === 'number' ? target : port], why: [] }],
    purpose: `opens the way to ${service.host}:${port}, which is outside the mesh`,
    origins: [rule.origin],
  };
  const name = `${rule.origin.id.replace('/', '-')}-to-${service.name}-${port}`;
  if (rule.callers === undefined && settings.scope.kind === 'namespace')
    return [{ ...base, name, selector: noGateways }];
  return podSelectors(context, cluster, { name, workloads: straight, service: undefined, span: rule.origin.span }).map(
    (each) => ({ ...base, ...each }),
  );
}

/** What a pod sends straight to a host nobody on the way reads. */
function checkSeen({ report }: PlaceContext, workload: Workload, conditions: readonly Condition[], host: string): void {
  const [condition] = conditions;
  if (condition === undefined) return;
  const { because } = wayOutOf(workload.mode.plane);
  const parameters = { workload: keyOf(workload), field: condition.key, host, why: because };
  const witness = `a request of ${keyOf(workload)} to ${host} that the rule does not mean is let through`;
  report(diagnostic('egress-requests-unseen', parameters, condition.span, { witness }));
}

const noWaypoint = 'no waypoint can stand before the host, and ztunnel asks nobody who leaves the mesh';

function reportNoWay(
  context: PlaceContext,
  workload: Workload,
  host: string,
  span: EgressOpening['rule']['origin']['span'],
  why: string,
): void {
  const witness = `a connection from ${keyOf(workload)} to ${host} is stopped by the NetworkPolicy of its namespace`;
  const notes = [{ message: 'a NetworkPolicy knows addresses and pods, and no names (istio-traffic-topology F-46)' }];
  context.report(diagnostic('egress-without-way', { workload: keyOf(workload), host, why }, span, { witness, notes }));
}

/** Where a ServiceEntry says that a host is, as far as it says addresses alone. */
function addressesOf({ object }: Service): readonly string[] {
  const { resolution, endpoints, addresses } = Object(object.value.spec);
  const given: readonly unknown[] =
    resolution === 'STATIC'
      ? (endpoints ?? []).map((endpoint: unknown) => Object(endpoint).address)
      : resolution === 'NONE'
        ? (addresses ?? [])
        : [];
  const literal = given.filter(
    (each): each is string => typeof each === 'string' && isIpBlock(each) && !each.includes('/'),
  );
  return literal.length === given.length ? literal : [];
}
