import { diagnostic } from '../../../diagnostics/create.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { Origin } from '../../../resolve/resolved.js';
import type { GatewayObject, ResolvedConnections, ResolvedGatewayTraffic } from '../../../resolve/resolved-traffic.js';
import { anyHost, commonName } from '../../../topology/listeners/admitted.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { controllerOf } from '../../../topology/rollouts/weight-controllers.js';
import type { PlaceContext } from '../context.js';
import { controllerHelp } from '../rollouts/controller-help.js';
import { homeOf, items, texts } from '../routes/route-objects.js';
import { inWords } from './check-led-twice.js';

/** An existing route for the same host at the same gateway: which of the rules count is not for one of the two to say. */
export function checkExistingHosts(
  context: PlaceContext,
  cluster: Cluster,
  { hosts, origin }: Pick<ResolvedGatewayTraffic, 'hosts' | 'origin'>,
  gateway: GatewayObject,
): void {
  const wanted = new Set(
    namesAt(
      gateway,
      hosts.map(({ value }) => value),
    ),
  );
  reportExisting(context, cluster, gateway, origin, (route) => {
    const host = namesAt(gateway, hostsOf(route)).find((each) => wanted.has(each));
    if (host === undefined) return undefined;
    return host === anyHost ? 'all of its hosts' : `host \`${host}\``;
  });
}

/** The names that hosts have in common with the listeners that read requests: by these a gateway tells its routes apart. */
function namesAt({ listeners }: GatewayObject, hosts: readonly string[]): readonly string[] {
  const reading = listeners.filter(({ reads }) => reads === 'requests');
  const served = reading.flatMap((listener) => listener.hosts.map(({ host }) => host));
  return served.flatMap((name) => hosts.flatMap((host) => commonName(host, name) ?? []));
}

/** Likewise of connections, for the same server name or the same port. */
export function checkExistingConnections(
  context: PlaceContext,
  cluster: Cluster,
  connections: ResolvedConnections,
  gateway: GatewayObject,
): void {
  const { serverNames, port, route: wanted } = connections;
  const isFor = (route: ManifestObject) =>
    serverNames.length > 0
      ? serverNamesOf(route).some((name) => serverNames.includes(name))
      : tcpPortsOf(route, gateway).some((each) => each === port);
  reportExisting(context, cluster, gateway, wanted.origin, (route) =>
    isFor(route) ? inWords(connections) : undefined,
  );
}

function reportExisting(
  context: PlaceContext,
  cluster: Cluster,
  gateway: GatewayObject,
  { span }: Origin,
  whatOf: (route: ManifestObject) => string | undefined,
): void {
  for (const route of cluster.routes) {
    const what = isManaged(route) || !isBoundTo(route, gateway) ? undefined : whatOf(route);
    if (what === undefined) continue;
    const name = `${route.kind} ${keyOf({ namespace: homeOf(route), name: route.name })}`;
    const notes = [{ message: 'the settings are here', span }];
    const details = { notes, ...controllerHelp(controllerOf(cluster, route)) };
    const parameters = { route: name, what, gateway: keyOf(gateway) };
    context.report(diagnostic('host-routed-already', parameters, spanIn(route, ['metadata', 'name']), details));
  }
}

function isBoundTo(route: ManifestObject, gateway: GatewayObject): boolean {
  const { gateways } = Object(route.value.spec);
  if (route.kind !== 'VirtualService') return parentsAt(route, gateway).length > 0;
  if (gateway.api !== 'istio') return false;
  return texts(gateways).some((name) => (name.includes('/') ? name : `${homeOf(route)}/${name}`) === keyOf(gateway));
}

function parentsAt(route: ManifestObject, gateway: GatewayObject) {
  if (gateway.api !== 'gateway-api') return [];
  return items(Object(route.value.spec).parentRefs).filter(
    ({ kind = 'Gateway', name, namespace = homeOf(route) }) =>
      kind === 'Gateway' && name === gateway.name && namespace === gateway.namespace,
  );
}

function hostsOf({ kind, value }: ManifestObject): readonly string[] {
  const { hosts, hostnames, http } = Object(value.spec);
  if (kind === 'VirtualService') return http === undefined ? [] : texts(hosts);
  if (kind === 'TLSRoute' || kind === 'TCPRoute') return [];
  return hostnames === undefined ? [anyHost] : texts(hostnames);
}

function serverNamesOf({ kind, value }: ManifestObject): readonly string[] {
  const { hostnames, tls } = Object(value.spec);
  if (kind === 'TLSRoute') return texts(hostnames);
  return items(tls).flatMap((rule) => items(rule.match).flatMap(({ sniHosts }) => texts(sniHosts)));
}

/** The ports of listeners from which a route leads connections on; one that names none is for all. */
function tcpPortsOf(route: ManifestObject, gateway: GatewayObject): readonly number[] {
  const ports = gateway.listeners.map(({ port }) => port);
  if (route.kind === 'TCPRoute') {
    return parentsAt(route, gateway).flatMap(({ port, sectionName }) =>
      gateway.listeners
        .filter((each) => (port ?? each.port) === each.port && (sectionName ?? each.name) === each.name)
        .map((each) => each.port),
    );
  }
  const matches = items(Object(route.value.spec).tcp).flatMap(({ match }) =>
    match === undefined ? [{}] : items(match),
  );
  return matches.flatMap(({ port }: { readonly port?: unknown }) => ports.filter((each) => (port ?? each) === each));
}
