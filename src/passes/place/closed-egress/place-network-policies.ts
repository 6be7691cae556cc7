import { wayOutOf } from '../../../dataplanes/egress.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedNetworkPolicy } from '../../../ir/placed-network-policy.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { label } from '../../../topology/labels.js';
import { type Cluster, keyOf, type LabelSelector, type Service, type Workload } from '../../../topology/model.js';
import { isIpBlock } from '../../../util/ip.js';
import { type EgressOpening, egressRulesTo } from '../../egress-rules.js';
import type { PlaceContext } from '../context.js';
import { checkScope } from './check-scope.js';
import { type ClosedScope, closedScopes } from './closed-scopes.js';
import { podSelectors } from './pod-selectors.js';

/**
 * What closes the way out of the mesh: no proxy does (istio-traffic-topology T-84, F-46). Pods of the cluster stay open to
 * each other, waypoints and gateways among them; what leaves by these is asked for its caller there.
 */
export function placeNetworkPolicies(context: PlaceContext): readonly PlacedNetworkPolicy[] {
  const { egress, topology } = context.ir;
  if (topology.clusters.length > 1) {
    for (const { origin } of egress) context.report(diagnostic('egress-between-clusters', {}, origin.span));
    return [];
  }
  return topology.clusters.flatMap((cluster) => {
    const scopes = closedScopes(context.ir, cluster);
    for (const scope of scopes) checkScope(context, cluster, scope);
    return [
      ...scopes.flatMap((scope) => closing(context, cluster, scope)),
      ...scopes.flatMap((scope) => sparedGateways(cluster, scope)),
      ...context.ir.destinations
        .filter(({ destination }) => destination.cluster === cluster.name)
        .flatMap((policy) =>
          egressRulesTo(context.ir, policy).flatMap((each) => opening(context, cluster, policy, each)),
        ),
    ];
  });
}

/** Pods of waypoints and of gateways that Istio makes have this label. */
const noGateways: LabelSelector = {
  matchLabels: {},
  matchExpressions: [{ key: label.gatewayName, operator: 'DoesNotExist', values: [] }],
};

function closing(context: PlaceContext, cluster: Cluster, closed: ClosedScope): readonly PlacedNetworkPolicy[] {
  const { scope, workloads, origins, label: what } = closed;
  const base = {
    cluster: cluster.name,
    namespace: scope.namespace,
    egress: [{ kind: 'pods' }] as const,
    purpose: `${what.replaceAll('`', '')} calls pods of the cluster, and outside nothing but what other policies open`,
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
      egress: [{ kind: 'anything' }],
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
  { settings, rule, port, callers }: EgressOpening,
): readonly PlacedNetworkPolicy[] {
  const { service } = destination;
  if (service === undefined) return [];
  const straight = callers.filter(({ mode }) => !wayOutOf(mode.plane).throughWaypoint);
  const stranded = callers.find(({ mode }) => wayOutOf(mode.plane).throughWaypoint && waypoint === undefined);
  if (stranded) reportNoWay(context, stranded, service.host, rule.origin.span, noWaypoint);
  const [first] = straight;
  if (first === undefined || traffic?.through !== undefined) return [];
  const addresses = addressesOf(service);
  if (addresses.length === 0) {
    const { because } = wayOutOf(first.mode.plane);
    reportNoWay(context, first, service.host, rule.origin.span, `${because}, and where that is only DNS says`);
    return [];
  }
  const target = service.ports.find(({ number }) => number === port)?.targetPort;
  const blocks = addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  const base = {
    cluster: cluster.name,
    namespace: settings.scope.namespace,
    egress: [
      { kind: 'blocks', blocks, ports: [typeof target === 'number' ? target : port], origin: rule.origin },
    ] as const,
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
