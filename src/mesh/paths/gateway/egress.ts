import type { Gateway, PortLayer, ServiceEntry } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import { ordersAtSidecar, tablesAtSidecar } from '../../routes/owner/at-sidecar.js';
import { meshRoutesOf } from '../../routes/owner/mesh-routes.js';
import type { ConnectionMatch, ConnectionRule, Route, RouteRule } from '../../routes/route.js';
import { isFor, namesOf, type RoutingProxy } from '../../routes/table.js';
import type { Caller } from '../caller.js';
import { notModelled, type Stop } from '../hops.js';
import { importsRoute } from '../outbound.js';
import { gatewayOf } from './gateway-of.js';

/** A host outside the mesh, as a ServiceEntry makes it known, and the port that is addressed. */
export interface OutsideHost {
  readonly entry: ServiceEntry;
  readonly host: string;
  readonly port: number;
  readonly layer: PortLayer;
}

/** The gateway by which a route takes connections out of the mesh, and the port of its Service. */
export interface Egress {
  readonly kind: 'egress';
  readonly gateway: Gateway;
  readonly port: number;
}

/**
 * Where the sidecar of a caller sends what is for a host outside the mesh: straight out (`undefined`), through the gateway to
 * which a rule leads its connections, or where the model does not follow (T-90).
 */
export function egressFor(mesh: MeshCluster, caller: Caller, outside: OutsideHost): Egress | Stop | undefined {
  if (caller.speaks !== 'sidecar' || meshRoutesOf(mesh).all.length === 0) return undefined;
  const { entry, host, port, layer } = outside;
  const { namespace = '', labels = {}, scopes = [] } = caller;
  const proxy = { gateway: 'mesh', namespace, labels, port };
  const named = { host, namespace: entry.namespace };
  const isImported = (route: Route) => scopes.length === 0 || scopes.some((scope) => importsRoute(scope, route, port));
  if (layer === 'tcp') return ofConnections(mesh, proxy, outside, ordersAtSidecar(mesh, proxy, named, isImported));
  const { tables } = tablesAtSidecar(mesh, proxy, named, isImported);
  const isPlain = tables.every(({ entries }) => entries.every(({ rule }) => goesStraight(rule, outside)));
  return isPlain ? undefined : notModelled(`the rules of ${namesOf(tables.flatMap(({ routes }) => routes))}`);
}

function goesStraight({ result, abort, mirrors }: RouteRule, { host, port }: OutsideHost): boolean {
  if (result.kind !== 'forward' || abort !== undefined || mirrors.length > 0) return false;
  return result.destinations.every((each) => each.host === host && (each.port ?? port) === port);
}

function ofConnections(
  mesh: MeshCluster,
  proxy: RoutingProxy,
  outside: OutsideHost,
  orders: ReadonlyArray<readonly Route[]>,
): Egress | Stop | undefined {
  if (orders.flat().some(asksForLabels))
    return notModelled(`the rules of ${namesOf(orders[0] ?? [])} by labels of callers`);
  const [rule, ...others] = orders.map((routes) => ruleFor(routes, proxy, outside.host));
  if (others.some((other) => other !== rule)) {
    return notModelled(`which of ${namesOf(orders[0] ?? [])} is the oldest (I-01b)`);
  }
  if (rule === undefined) return undefined;
  const { host, port } = outside;
  if (rule.destinations.every((each) => each.host === host && (each.port ?? port) === port)) return undefined;
  const [destination, ...more] = rule.destinations;
  const service = [...mesh.cluster.services.values()].find((each) => each.host === destination?.host);
  const gateways = service?.workloads.map((key) => gatewayBehind(mesh, key)) ?? [];
  const [gateway] = gateways;
  const addressed = destination?.port ?? service?.ports.find(() => service.ports.length === 1)?.number;
  if (
    more.length > 0 ||
    gateway === undefined ||
    addressed === undefined ||
    gateways.some((each) => each !== gateway)
  ) {
    return notModelled(
      `where \`${rule.origin.object.kind} ${rule.origin.object.name}\` leads connections to \`${host}\``,
    );
  }
  return { kind: 'egress', gateway, port: addressed };
}

function asksForLabels({ tls, tcp }: Route): boolean {
  const matches = [...tls, ...tcp].flatMap((rule) => rule.matches);
  return matches.some(({ proxy }) => Object.keys(proxy.sourceLabels).length > 0);
}

/** A client that addresses a host by its name asks for it in its handshake as well. */
function ruleFor(routes: readonly Route[], proxy: RoutingProxy, host: string): ConnectionRule | undefined {
  const rules = [...routes.flatMap(({ tls }) => tls), ...routes.flatMap(({ tcp }) => tcp)];
  return rules.find(
    ({ matches }) => matches.length === 0 || matches.some((match) => isFor(match.proxy, proxy) && asksFor(match, host)),
  );
}

function asksFor({ serverNames }: ConnectionMatch, host: string): boolean {
  return (
    serverNames.length === 0 ||
    serverNames.some((name) => name === host || (name.startsWith('*') && host.endsWith(name.slice(1))))
  );
}

function gatewayBehind(mesh: MeshCluster, key: string): Gateway | undefined {
  const workload = mesh.cluster.workloads.get(key);
  return workload?.mode.plane === 'gateway' ? gatewayOf(mesh, workload) : undefined;
}
