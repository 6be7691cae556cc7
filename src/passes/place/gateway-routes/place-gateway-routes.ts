import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedGatewayRoute, PlacedRouteRule } from '../../../ir/placed-traffic.js';
import type { PlacedIr } from '../../../ir/policy-ir.js';
import { rulesOnPort, withRestLast } from '../../../ir/rules-on-port.js';
import type { GatewayObject } from '../../../resolve/resolved-traffic.js';
import { anyHost } from '../../../topology/listeners/admitted.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { clusterOf } from '../../clusters.js';
import type { PlaceContext } from '../context.js';
import { exportedToAll, isHiddenByDefault } from '../exports.js';
import { chooseForm } from '../routes/choose-form.js';
import { httpRouteRules } from '../routes/http-route-rules.js';
import { otherServices } from '../routes/other-services.js';
import { routeNeeds } from '../routes/route-needs.js';
import { defaultRetries } from '../routes/route-retries.js';
import { virtualServiceRules } from '../routes/virtual-service-rules.js';
import { byHosts, type RoutedHosts } from './by-hosts.js';
import { checkCertificates } from './check-certificates.js';
import { checkExistingHosts } from './check-existing-hosts.js';
import { checkPublished } from './check-published.js';
import { formsOf } from './forms-of.js';
import { admittingListeners, homeOfRoute } from './home-of-route.js';
import { otherVersions, type VersionsOfDestinations } from './other-versions.js';
import { placeConnections } from './place-connections.js';

/** The routes of gateways for requests and for connections. */
export function placeGatewayRoutes(
  context: PlaceContext,
  versions: VersionsOfDestinations,
): Pick<PlacedIr, 'gatewayRoutes' | 'gatewayConnections'> {
  for (const planned of context.ir.plannedGateways) checkCertificates(context, planned);
  const hosts = context.ir.gatewayTraffic.flatMap(byHosts).filter(({ routes }) => routes.length > 0);
  const gatewayRoutes = hosts.flatMap((traffic) =>
    traffic.gateways.flatMap((gateway) => {
      const cluster = clusterOf(context.ir.topology, gateway.cluster);
      return placeAt(context, { traffic, gateway, versions, cluster });
    }),
  );
  return { gatewayRoutes, gatewayConnections: placeConnections(context, versions) };
}

/** The settings of one gateway in one cluster. */
interface Placing {
  readonly traffic: RoutedHosts;
  readonly gateway: GatewayObject;
  readonly cluster: Cluster;
  readonly versions: VersionsOfDestinations;
}

function placeAt(context: PlaceContext, placing: Placing): readonly PlacedGatewayRoute[] {
  const { traffic, gateway, cluster } = placing;
  const portNumber = (port: string | number) => Number(port);
  const place = {
    point: 'gateway',
    forms: formsOf[gateway.api],
    label: `gateway \`${keyOf(gateway)}\``,
    cluster,
    span: traffic.origin.span,
  } as const;
  const isHidden = gateway.api === 'gateway-api' && isHiddenByDefault(cluster, gateway.namespace, []);
  const tried = { ports: portsOf(gateway), isHidden } as const;
  const form = chooseForm(context.report, place, routeNeeds(traffic, portNumber, tried));
  checkExistingHosts(context, cluster, traffic, gateway);
  const served = traffic.hosts.map(({ value, span }) => ({
    value: value === anyHost ? 'all of its hosts' : `host \`${value}\``,
    span,
  }));
  checkPublished(context, cluster, gateway, served);
  if (form === undefined) return [];
  return form === 'HTTPRoute'
    ? byListener(context, placing, httpRouteRules(traffic, portNumber))
    : routeFor(context, placing, virtualServiceRules(traffic, portNumber, defaultRetries(cluster)), undefined);
}

/** An HTTPRoute names a listener for all of its rules, so that rules for one port are an object of their own. */
function byListener(
  context: PlaceContext,
  placing: Placing,
  rules: readonly PlacedRouteRule[],
): readonly PlacedGatewayRoute[] {
  const isForAll = rules.every(({ matches }) => matches.every(({ port }) => port === undefined));
  if (isForAll) return routeFor(context, placing, withRestLast(rules), undefined);
  return portsOf(placing.gateway).flatMap((port) => {
    const here = rulesOnPort(rules, port);
    return here.length === 0 ? [] : routeFor(context, placing, here, port);
  });
}

function portsOf({ listeners }: GatewayObject): number[] {
  return [...new Set(listeners.filter(({ reads }) => reads === 'requests').map(({ port }) => port))];
}

/** One object for some rules; none where no listener of the port is for the hosts, or none takes it from anywhere. */
function routeFor(
  context: PlaceContext,
  placing: Placing,
  rules: readonly PlacedRouteRule[],
  port: number | undefined,
): readonly PlacedGatewayRoute[] {
  const { traffic, gateway, cluster } = placing;
  const services = otherServices(
    context.ir,
    cluster,
    rules.map(({ route }) => route),
  );
  const hosts = traffic.hosts.map(({ value }) => value);
  const listeners = admittingListeners(gateway, hosts, port);
  if (listeners.length === 0) return [];
  const all = otherServices(context.ir, cluster, traffic.routes);
  const named = { own: [...services.values()], others: [...all.values()] };
  const namespace = homeOfRoute(cluster, gateway, listeners, named);
  if (namespace === undefined) {
    context.report(diagnostic('route-not-taken', { gateway: keyOf(gateway) }, traffic.origin.span));
    return [];
  }
  const name = port === undefined ? traffic.name : `${traffic.name}-${port}`;
  return [
    {
      ...{ cluster: gateway.cluster, namespace, name, gateway, port, hosts, rules },
      exportTo: exportedToAll.VirtualService(cluster),
      form: formsOf[gateway.api][0],
      origin: traffic.origin,
      otherServices: services,
      otherVersions: otherVersions(cluster, placing.versions, services),
    },
  ];
}
