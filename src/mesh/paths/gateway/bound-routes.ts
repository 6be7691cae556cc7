import { commonName, coversName, isTakenFrom } from '../../../topology/listeners/admitted.js';
import { type Gateway, keyOf, type Listener } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import type { BoundListener } from '../../routes/owner/at-gateway.js';
import type { Attachment, ConnectionRule, ProxyMatch, Route } from '../../routes/route.js';
import { isVisible } from '../visibility.js';

/** The routes that bind to a listener: they name its object, it takes them, and the gateway knows them. */
export function routesBoundTo(mesh: MeshCluster, gateway: Gateway, listener: Listener): BoundListener['routes'] {
  const naming = mesh.routes.filter(
    (route) =>
      route.attachments.some((attachment) => names(attachment, listener)) &&
      route.objects.some(({ kind }) => listener.routeKinds.includes(kind)) &&
      isVisible(route, gateway.namespace),
  );
  const siblings = siblingsOf(gateway, listener);
  return naming
    .flatMap((route) =>
      hostsOf(route).map(({ host, hosts }) => {
        const own = host === undefined ? hosts : hosts.filter((each) => isLeftBy(siblings, listener, each));
        return { route, host, names: namesInCommon(mesh, listener, own, route.namespace) };
      }),
    )
    .filter((each) => each.names.length > 0);
}

/** The hosts of a route, one by one where each counts by itself. */
function hostsOf({ reach, hosts }: Route) {
  return reach === 'by-host' ? [{ host: undefined, hosts }] : hosts.map((host) => ({ host, hosts: [host] }));
}

/** The other listeners of a Gateway on a port, which take from it what is closer to them. */
function siblingsOf({ listeners }: Gateway, { object, port, protocol, name }: Listener): readonly Listener[] {
  return listeners.filter(
    (each) => each.object === object && each.port === port && each.protocol === protocol && each.name !== name,
  );
}

/** Whether a listener keeps a host of a route, as none beside it is for fewer hosts and all of these. */
function isLeftBy(siblings: readonly Listener[], { hosts: [own] }: Listener, host: string): boolean {
  if (own === undefined || !own.host.startsWith('*')) return true;
  const closer = siblings.flatMap(({ hosts }) => hosts.map((each) => each.host.toLowerCase()));
  return !closer.some((each) => each !== own.host && each.length >= own.host.length && coversName(each, host));
}

/**
 * The listeners that are one to clients, with their routes: those of one port take plaintext together, and of
 * those that end TLS the server name has chosen one (T-93).
 */
export function boundTogether(mesh: MeshCluster, gateway: Gateway, listener: Listener): readonly BoundListener[] {
  const isBeside = ({ podPort, tls, reads, standing }: Listener) =>
    podPort === listener.podPort && tls === undefined && reads === 'requests' && standing.kind !== 'left-out';
  const isPlain = listener.tls === undefined && listener.reads === 'requests';
  const together = isPlain ? gateway.listeners.filter(isBeside) : [listener];
  return together.map((each) => ({ listener: each, routes: routesBoundTo(mesh, gateway, each) }));
}

/** A listener that reads connections only is there once a rule leads them on (§2.10). */
export function leadsConnectionsOn(mesh: MeshCluster, gateway: Gateway, listener: Listener): boolean {
  const isForNames = listener.tls === 'PASSTHROUGH';
  return routesBoundTo(mesh, gateway, listener).some(({ route: { tls, tcp } }) =>
    (isForNames ? tls : tcp).some((rule) => applies(rule, listener)),
  );
}

function names(attachment: Attachment, { name, port, object }: Listener): boolean {
  if (attachment.kind === 'mesh' || attachment.parent !== object.kind) return false;
  if ((attachment.api === 'istio') !== object.apiVersion.startsWith('networking.istio.io/')) return false;
  const { namespace = 'default' } = object;
  return (
    attachment.gateway === keyOf({ namespace, name: object.name }) &&
    (attachment.section ?? name) === name &&
    (attachment.port ?? port) === port
  );
}

function namesInCommon(
  mesh: MeshCluster,
  { hosts: served }: Listener,
  hosts: readonly string[],
  namespace: string,
): readonly string[] {
  const taking = served.filter(({ routesFrom }) => isTakenFrom(mesh.cluster, routesFrom, namespace));
  return [
    ...new Set(taking.flatMap(({ host }) => hosts.flatMap((each) => commonName(each, host.toLowerCase()) ?? []))),
  ];
}

/** A rule without matches takes everything. */
function applies({ matches }: ConnectionRule, listener: Listener): boolean {
  return matches.length === 0 || matches.some(({ proxy }) => isForListener(proxy, listener));
}

/** A match for connections may name ports and gateways; labels and namespaces of proxies are not asked for at a gateway. */
export function isForListener({ port: wanted, gateways }: ProxyMatch, { port, object }: Listener): boolean {
  const own = keyOf({ namespace: object.namespace ?? 'default', name: object.name });
  return (wanted ?? port) === port && (gateways.length === 0 || gateways.includes(own));
}
