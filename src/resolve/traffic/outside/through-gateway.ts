import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import { coversName } from '../../../topology/listeners/admitted.js';
import { type Cluster, keyOf, type Listener, type ServicePort } from '../../../topology/model.js';
import { isTlsPort } from '../../../topology/tls-port.js';
import type { ResolveContext } from '../../context.js';
import { clusterNames, nearNames, wholeName } from '../../names.js';
import type { Destination } from '../../resolved.js';
import type { GatewayHop, GatewayObject, WayOut } from '../../resolved-traffic.js';
import { gatewayObjects } from '../gateway-objects.js';

/** The gateway by which requests to a host leave the mesh, in each cluster that has the host. */
export function wayOut(
  context: ResolveContext,
  { value, span }: Located<string>,
  destinations: readonly Destination[],
): WayOut | undefined {
  const name = wholeName(context, value, undefined, span);
  if (name === undefined) return undefined;
  const known = gatewayObjects(context.topology);
  const objects = known.get(name) ?? [];
  const hops = destinations.flatMap((destination) => {
    const gateway = objects.find(({ cluster }) => cluster === destination.cluster);
    if (gateway !== undefined) return hopsTo(context, gateway, destination, span);
    const parameters = { name, where: clusterNames(context.topology) };
    context.report(diagnostic('unknown-gateway', parameters, span, nearNames(name, known.keys())));
    return [];
  });
  return { hops, span };
}

function hopsTo(
  context: ResolveContext,
  gateway: GatewayObject,
  { cluster, service }: Destination,
  span: Located<string>['span'],
): GatewayHop[] {
  const at = context.topology.clusters.find(({ name }) => name === cluster);
  if (at === undefined || service === undefined) return [];
  return service.ports.flatMap((port): GatewayHop[] => {
    const [found] = listenersFor(gateway, service.host, port).flatMap((listener) => frontsOf(at, listener));
    if (found !== undefined) return [{ gateway, port, ...found }];
    const parameters = { gateway: keyOf(gateway), host: service.host, port: port.number, why: whyNot(gateway, port) };
    context.report(diagnostic('gateway-leads-not-out', parameters, span));
    return [];
  });
}

/** Those that read what callers send, the one of the same number first. */
function listenersFor({ api, listeners }: GatewayObject, host: string, port: ServicePort): readonly Listener[] {
  const isFit = ({ standing, hosts, ...listener }: Listener) =>
    standing.kind !== 'left-out' && hosts.some((each) => coversName(each.host, host)) && reads(listener, port);
  const fit = api === 'istio' ? listeners.filter(isFit) : [];
  return [...fit.filter((each) => each.port === port.number), ...fit];
}

function reads({ reads: what, tls, port: own }: Pick<Listener, 'reads' | 'tls' | 'port'>, port: ServicePort): boolean {
  if (port.layer !== 'tcp') return what === 'requests' && tls === undefined;
  return isTlsPort(port) ? tls === 'PASSTHROUGH' : what === 'connections' && tls === undefined && own === port.number;
}

/** The Service in front of the gateway's pods, by which callers come to a listener. */
function frontsOf({ gateways }: Cluster, listener: Listener): ReadonlyArray<Pick<GatewayHop, 'listener' | 'front'>> {
  const serving = [...gateways.values()].filter(({ listeners }) => listeners.includes(listener));
  return serving.flatMap(({ fronts }) =>
    fronts.filter(({ podPort }) => podPort === listener.podPort).map((front) => ({ listener, front })),
  );
}

function whyNot({ api }: GatewayObject, port: ServicePort): string {
  if (api !== 'istio') return 'it is of Gateway API, and only Istio’s own lead connections out as they came';
  if (port.layer !== 'tcp') return 'it needs a server for the host with protocol HTTP, and a Service in front';
  return isTlsPort(port)
    ? 'it needs a server for the host with `tls.mode: PASSTHROUGH`, and a Service in front'
    : 'it needs a server of the same port with protocol TCP, and a Service in front';
}
