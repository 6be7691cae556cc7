import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import { coversName } from '../../../topology/listeners/admitted.js';
import { type Cluster, keyOf, type Listener, type Service, type ServicePort } from '../../../topology/model.js';
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
  const hops = service.ports.flatMap((port): GatewayHop[] => {
    const fronts = listenersFor(gateway, service.host, port).flatMap((listener) => frontsOf(at, listener));
    const found = fronts.find(({ listener }) => !isOfAnother(service, port, listener)) ?? fronts[0];
    if (found !== undefined) return [{ gateway, port, ...found }];
    const parameters = { gateway: keyOf(gateway), host: service.host, port: port.number, why: whyNot(gateway, port) };
    context.report(diagnostic('gateway-leads-not-out', parameters, span));
    return [];
  });
  checkApart(context, hops, service.host, span);
  return hops;
}

/** Whether a listener has the number of another port of the host, which is then led there. */
function isOfAnother({ ports }: Pick<Service, 'ports'>, port: ServicePort, listener: Listener): boolean {
  return listener.port !== port.number && ports.some(({ number }) => number === listener.port);
}

/** At one listener nobody can tell any more which port of the host was asked. */
function checkApart(
  context: ResolveContext,
  hops: readonly GatewayHop[],
  host: string,
  span: Located<string>['span'],
): void {
  for (const [index, { gateway, port, listener }] of hops.entries()) {
    const first = hops.slice(0, index).find((hop) => hop.listener.port === listener.port);
    if (first === undefined) continue;
    const parameters = { gateway: keyOf(gateway), listener: listener.name, host, first: first.port.number };
    context.report(diagnostic('ports-led-as-one', { ...parameters, second: port.number }, span));
  }
}

/** Those that read what callers send, the one of the same number first. */
function listenersFor({ listeners }: GatewayObject, host: string, port: ServicePort): readonly Listener[] {
  const fit = listeners.filter(
    ({ standing, hosts, ...listener }) =>
      standing.kind !== 'left-out' && hosts.some((each) => coversName(each.host, host)) && reads(listener, port),
  );
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
  const [listener, passed] = api === 'istio' ? ['server', 'PASSTHROUGH'] : ['listener', 'Passthrough'];
  if (port.layer !== 'tcp') return `it needs a ${listener} for the host with protocol HTTP, and a Service in front`;
  return isTlsPort(port)
    ? `it needs a ${listener} for the host with \`tls.mode: ${passed}\`, and a Service in front`
    : `it needs a ${listener} of the same port with protocol TCP, and a Service in front`;
}
