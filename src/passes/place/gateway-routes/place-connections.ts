import { connectionKinds } from '../../../dataplanes/connection-kinds.js';
import type { RouteForm } from '../../../dataplanes/traffic.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedGatewayConnections } from '../../../ir/placed-traffic.js';
import type { GatewayObject, ResolvedConnections, ResolvedGatewayTraffic } from '../../../resolve/resolved-traffic.js';
import { coversName } from '../../../topology/listeners/admitted.js';
import { type Cluster, keyOf, type Listener } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import { clusterOf } from '../../clusters.js';
import type { PlaceContext } from '../context.js';
import { exportedToAll } from '../exports.js';
import { chooseForm } from '../routes/choose-form.js';
import { otherServices } from '../routes/other-services.js';
import { routeNeeds } from '../routes/route-needs.js';
import { checkExistingConnections } from './check-existing-hosts.js';
import { inWords } from './check-led-twice.js';
import { checkPublished } from './check-published.js';
import { formsOf } from './forms-of.js';
import { homeOfRoute } from './home-of-route.js';
import { otherVersions, type VersionsOfDestinations } from './other-versions.js';

/** The connections of one route at a gateway in one cluster. */
interface Placing {
  readonly traffic: ResolvedGatewayTraffic;
  readonly connections: ResolvedConnections;
  readonly gateway: GatewayObject;
  readonly cluster: Cluster;
  readonly versions: VersionsOfDestinations;
}

/** Where gateways lead connections that they do not read: an object for each route and port. */
export function placeConnections(context: PlaceContext, versions: VersionsOfDestinations): PlacedGatewayConnections[] {
  return context.ir.gatewayTraffic.flatMap((traffic) =>
    traffic.connections.flatMap((connections) =>
      traffic.gateways.flatMap((gateway) => {
        const cluster = clusterOf(context.ir.topology, gateway.cluster);
        return place(context, { traffic, connections, gateway, cluster, versions });
      }),
    ),
  );
}

function place(context: PlaceContext, placing: Placing): PlacedGatewayConnections[] {
  const { traffic, connections, gateway, cluster } = placing;
  const { route, port, serverNames, span } = connections;
  const place = {
    ...({ point: 'gateway', forms: formsOf[gateway.api], cluster, span } as const),
    label: `gateway \`${keyOf(gateway)}\``,
  };
  const tried = { ports: [], isHidden: false } as const;
  const isByName = serverNames.length > 0;
  const feature = isByName ? ('serverNames' as const) : ('connections' as const);
  const needs = [{ feature, span }, ...routeNeeds({ origin: traffic.origin, routes: [route] }, Number, tried)];
  const form = chooseForm(context.report, place, needs);
  checkExistingConnections(context, cluster, connections, gateway);
  checkPublished(context, cluster, gateway, [{ value: inWords(connections), span }]);
  if (form === undefined || route.action.kind !== 'forward') return [];
  const listeners = listenersFor(gateway, connections);
  const services = otherServices(context.ir, cluster, [route]);
  const namespace = homeOfRoute(cluster, gateway, listeners, { own: [...services.values()], others: [] });
  if (namespace === undefined) {
    context.report(diagnostic('route-not-taken', { gateway: keyOf(gateway) }, route.origin.span));
    return [];
  }
  const served = sortedUnique(listeners.flatMap(({ hosts }) => hosts.map(({ host }) => host)));
  return [
    {
      ...{ cluster: gateway.cluster, namespace, gateway, port, isByName, route },
      ...objectOf(form, isByName, cluster),
      name: nameOf(placing),
      hosts: isByName ? serverNames : served,
      exportTo: exportedToAll.VirtualService(cluster),
      backends: route.action.backends,
      otherServices: services,
      otherVersions: otherVersions(cluster, placing.versions, services),
    },
  ];
}

/** Those on the port, and of those that pass TLS through the ones for the names. */
function listenersFor({ listeners }: GatewayObject, { port, serverNames }: ResolvedConnections): readonly Listener[] {
  const isForName = ({ hosts }: Listener) =>
    serverNames.length === 0 || hosts.some(({ host }) => serverNames.some((name) => coversName(host, name)));
  return listeners.filter(
    (listener) =>
      listener.reads === 'connections' &&
      (listener.tls === 'PASSTHROUGH') === serverNames.length > 0 &&
      (port === undefined || listener.port === port) &&
      isForName(listener),
  );
}

/** The kind of object by which a form leads connections on, and its version. */
export function objectOf(form: RouteForm, isByName: boolean, { settings }: Cluster) {
  if (form === 'VirtualService') return { kind: form, apiVersion: 'networking.istio.io/v1' };
  const kind = isByName ? ('TLSRoute' as const) : ('TCPRoute' as const);
  return { kind, apiVersion: connectionKinds[kind](settings.istio) };
}

function nameOf({ traffic, connections: { route, port } }: Placing): string {
  const name = route.origin.id.replace('/', '-');
  return port === undefined || traffic.connections.filter((each) => each.route === route).length === 1
    ? name
    : `${name}-${port}`;
}
