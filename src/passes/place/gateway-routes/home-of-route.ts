import type { GatewayObject } from '../../../resolve/resolved-traffic.js';
import { isTakenFrom, nameServed } from '../../../topology/listeners/admitted.js';
import type { Cluster, Listener, Service } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import { isHiddenByDefault } from '../exports.js';

/** The listeners that a route binds to: those for its hosts, on its port where it names one. */
export function admittingListeners(
  { listeners }: GatewayObject,
  hosts: readonly string[],
  port: number | undefined,
): readonly Listener[] {
  const isFor = (listener: Listener) =>
    listener.hosts.some(({ host }) => hosts.some((each) => nameServed(host, each) !== undefined));
  return listeners.filter(
    (listener) => listener.reads === 'requests' && (port === undefined || listener.port === port) && isFor(listener),
  );
}

/** The Services that a route leads to, and those of other routes of its settings: a redirect has none of its own. */
interface ServicesOfRoutes {
  readonly own: readonly Service[];
  readonly others: readonly Service[];
}

/**
 * The namespace of a route: that of the Services that it leads to, where there is one, since then nobody has to give leave;
 * else the gateway's own, or one of those of its settings. Every listener has to take routes from it, and the mesh must not hide from the
 * gateway what is there, since an HTTPRoute cannot say otherwise; `undefined` where there is none.
 */
export function homeOfRoute(
  cluster: Cluster,
  gateway: GatewayObject,
  listeners: readonly Listener[],
  { own, others }: ServicesOfRoutes,
): string | undefined {
  const homes = namespacesOf(own);
  const isSeen = (home: string) =>
    gateway.api === 'istio' || home === gateway.namespace || !isHiddenByDefault(cluster, home, [gateway.namespace]);
  const isTaken = (home: string) =>
    isSeen(home) &&
    listeners.every(({ hosts }) => hosts.some(({ routesFrom }) => isTakenFrom(cluster, routesFrom, home)));
  const candidates = homes.length === 1 ? [...homes, gateway.namespace] : [gateway.namespace, ...homes];
  return [...candidates, ...namespacesOf(others)].find(isTaken);
}

function namespacesOf(services: readonly Service[]): string[] {
  return sortedUnique(services.map(({ namespace }) => namespace));
}
