import { matchesSelector } from '../../../topology/label-selector.js';
import { type Gateway, keyOf, type Listener, type ListenerHost } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import type { Attachment, ConnectionRule, Route } from '../../routes/route.js';
import { isVisible } from '../visibility.js';

/** The routes that bind to a listener: they name its object, it takes them, and the gateway knows them. */
export function routesBoundTo(mesh: MeshCluster, gateway: Gateway, listener: Listener): readonly Route[] {
  return mesh.routes.filter(
    (route) =>
      route.attachments.some((attachment) => names(attachment, listener)) &&
      route.objects.some(({ kind }) => listener.routeKinds.includes(kind)) &&
      isVisible(route, gateway.namespace) &&
      listener.hosts.some((host) => takes(mesh, host, route)),
  );
}

/** A listener that reads connections only is there once a rule leads them on (§2.10). */
export function leadsConnectionsOn(mesh: MeshCluster, gateway: Gateway, listener: Listener): boolean {
  const isForNames = listener.tls === 'PASSTHROUGH';
  return routesBoundTo(mesh, gateway, listener).some(({ tls, tcp }) =>
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

function takes(mesh: MeshCluster, { host, routesFrom }: ListenerHost, { hosts, namespace }: Route): boolean {
  return isTakenFrom(mesh, routesFrom, namespace) && hosts.some((each) => meet(host, each));
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

/** Whether some name is meant by both. */
function meet(left: string, right: string): boolean {
  const [one, other] = [left, right].map((host) => ({ text: host.replace(/^\*/, ''), isWide: host.startsWith('*') }));
  if (one === undefined || other === undefined) return false;
  if (one.isWide && other.text.endsWith(one.text)) return true;
  if (other.isWide && one.text.endsWith(other.text)) return true;
  return one.text === other.text;
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
