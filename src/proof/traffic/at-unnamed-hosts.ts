import type { MeshCluster } from '../../mesh/mesh.js';
import { boundTogether } from '../../mesh/paths/gateway/bound-routes.js';
import { namesAtGateway, tablesAtGateway } from '../../mesh/routes/owner/at-gateway.js';
import { isManaged } from '../../parse/document.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import type { GatewayObject, ResolvedGatewayTraffic } from '../../resolve/resolved-traffic.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { type Gateway, keyOf, type Listener } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { entranceOf, listenersOf, readsRequests } from './at-gateways.js';
import type { CallerContext } from './callers.js';
import type { Entrance } from './entrance.js';

/**
 * Where routes that Ambit wrote take requests for hosts that no settings name: these are to be answered 404, as if no route
 * were there. What others wrote for such hosts is theirs.
 */
export function unnamedEntrances(
  context: CallerContext,
  { gatewayTraffic, traffic }: Pick<Resolved, 'gatewayTraffic' | 'traffic'>,
): readonly Entrance[] {
  const outside = traffic.flatMap(({ destinations }) => destinations.flatMap(({ service }) => service?.host ?? []));
  const pairs = gatewayTraffic.flatMap((settings) => settings.gateways.map((object) => ({ object, settings })));
  const byGateway = groupBy(pairs, ({ object: { api, cluster, namespace, name } }) =>
    [api, cluster, namespace, name].join('/'),
  );
  return [...byGateway.values()].flatMap((all) => {
    const named = all.flatMap(({ settings }) => settings.hosts.map(({ value }) => value.toLowerCase()));
    return all.slice(0, 1).flatMap((first) => entrancesAt(context, first, [...named, ...outside]));
  });
}

interface AtGateway {
  readonly object: GatewayObject;
  readonly settings: ResolvedGatewayTraffic;
}

function entrancesAt(
  context: CallerContext,
  { object, settings: { origin } }: AtGateway,
  named: readonly string[],
): readonly Entrance[] {
  const at = context.mesh.clusters.get(object.cluster);
  if (at === undefined) return [];
  const asked = { origin, routes: [], versions: new Map(), at, name: keyOf(object), service: undefined };
  return listenersOf(at, object, readsRequests).flatMap(({ gateway, listener }) =>
    unnamedHosts(namesOfOwnRoutes(at, gateway, listener), named).flatMap((host) =>
      entranceOf(context, { ...asked, host, port: { number: listener.port } }, { gateway, listener, host }),
    ),
  );
}

function namesOfOwnRoutes(at: MeshCluster, gateway: Gateway, listener: Listener): readonly string[] {
  const bound = boundTogether(at, gateway, listener);
  return namesAtGateway(bound).filter((name) =>
    tablesAtGateway(gateway, bound, name).tables.some(({ routes }) =>
      routes.some(({ objects }) => objects.some(isManaged)),
    ),
  );
}

/** For each name that routes have a host for which they are and that is not among the named ones, if there is any. */
function unnamedHosts(names: readonly string[], named: readonly string[]): readonly string[] {
  const label = unusedLabel([...names, ...named]);
  return names
    .map((name) => name.replace(/^\*/, label))
    .filter((host) => !named.some((pattern) => coversName(pattern, host)));
}

function unusedLabel(names: readonly string[], label = 'unnamed'): string {
  return names.some((name) => name.includes(label)) ? unusedLabel(names, `${label}-x`) : label;
}
