import type { GatewayObject } from '../../../resolve/resolved-traffic.js';
import { coversName, isTakenFrom } from '../../../topology/listeners/admitted.js';
import type { Cluster, Service } from '../../../topology/model.js';
import { isHiddenByDefault } from '../exports.js';

/**
 * The namespace of a route: that of the Services that it leads to, where there is one and every listener for the hosts takes
 * routes from it, since then nobody has to give leave; else the gateway's own. So it is where the mesh hides from the
 * gateway what another namespace has, and an HTTPRoute cannot say otherwise.
 */
export function homeOfRoute(
  cluster: Cluster,
  { listeners, namespace, api }: GatewayObject,
  hosts: readonly string[],
  services: readonly Service[],
): string {
  const [home, ...others] = new Set(services.map((service) => service.namespace));
  if (home === undefined || others.length > 0) return namespace;
  if (api === 'gateway-api' && isHiddenByDefault(cluster, home, [namespace])) return namespace;
  const admitting = listeners.flatMap((listener) =>
    listener.hosts.filter(({ host }) => hosts.some((each) => coversName(host, each))),
  );
  return admitting.every(({ routesFrom }) => isTakenFrom(cluster, routesFrom, home)) ? home : namespace;
}
