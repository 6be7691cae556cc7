import { matchesSelector } from '../../../topology/label-selector.js';
import { type Gateway, keyOf, type Listener, type ListenerHost } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import { type BoundListener, coversName } from '../../routes/owner/at-gateway.js';
import type { Attachment, ConnectionRule, Route } from '../../routes/route.js';
import { isVisible } from '../visibility.js';

/** The routes that bind to a listener: they name its object, it takes them, and the gateway knows them. */
export function routesBoundTo(mesh: MeshCluster, gateway: Gateway, listener: Listener): BoundListener['routes'] {
  const naming = mesh.routes.filter(
    (route) =>
      route.attachments.some((attachment) => names(attachment, listener)) &&
      route.objects.some(({ kind }) => listener.routeKinds.includes(kind)) &&
      isVisible(route, gateway.namespace),
  );
  return naming
    .map((route) => ({ route, names: namesInCommon(mesh, listener, route) }))
    .filter((each) => each.names.length > 0);
}

/**
 * The listeners that are one to clients, with their routes: those of one port take plaintext together, and of
 * those that end TLS the server name has chosen one (T-93).
 */
export function boundTogether(mesh: MeshCluster, gateway: Gateway, listener: Listener): readonly BoundListener[] {
  const isBeside = ({ podPort, tls, reads, standing }: Listener) =>
    podPort === listener.podPort && tls === undefined && reads === 'requests' && standing.kind !== 'left-out';
  const together = listener.tls === undefined ? gateway.listeners.filter(isBeside) : [listener];
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

function namesInCommon(mesh: MeshCluster, { hosts: served }: Listener, { hosts, namespace }: Route): readonly string[] {
  const taking = served.filter(({ routesFrom }) => isTakenFrom(mesh, routesFrom, namespace));
  return [...new Set(taking.flatMap(({ host }) => hosts.flatMap((each) => narrower(each, host.toLowerCase()) ?? [])))];
}

/** The names that two patterns have in common, where one is part of the other. */
function narrower(left: string, right: string): string | undefined {
  if (coversName(left, right)) return right;
  return coversName(right, left) ? left : undefined;
}

function isTakenFrom({ cluster }: MeshCluster, from: ListenerHost['routesFrom'], namespace: string): boolean {
  switch (from.kind) {
    case 'all':
      return true;
    case 'named':
      return from.namespace === namespace;
    case 'selected':
      return matchesSelector(from.selector, cluster.namespaces.get(namespace)?.labels ?? {});
    default:
      return false;
  }
}

/** A rule without matches takes everything; a match may name ports and gateways. */
function applies({ matches }: ConnectionRule, { port, object }: Listener): boolean {
  const own = keyOf({ namespace: object.namespace ?? 'default', name: object.name });
  return (
    matches.length === 0 ||
    matches.some(
      ({ proxy }) => (proxy.port ?? port) === port && (proxy.gateways.length === 0 || proxy.gateways.includes(own)),
    )
  );
}
