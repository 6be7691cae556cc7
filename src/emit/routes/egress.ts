import type { PlacedEgress, PlacedRouteRule } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { httpRule } from './virtual-service-rule.js';

type Hop = PlacedEgress['hops'][number];

/** A VirtualService that leads callers to the gateway, and beside Istio's own Gateway one that leads on from there. */
export function egress(placed: PlacedEgress, provenance: Provenance): Manifest[] {
  const { route, gateway, home, hops } = placed;
  const { destination } = route;
  const gatewayName = `${gateway.namespace}/${gateway.name}`;
  const host = destination.service?.host ?? '';
  const toGateway = { gateways: ['mesh'], hosts: [host], ...rulesOf(hops, (hop) => [leadIn(hop)], host, leadsIn) };
  const fromGateway = {
    gateways: [gatewayName],
    hosts: [host],
    ...rulesOf(
      hops,
      ({ rules }) => rules.map((rule) => httpRule(route, rule)),
      host,
      (hop) => leadsOut(hop, host),
    ),
  };
  const { exportTo } = route;
  const exported = exportTo.length > 0 ? { exportTo: [...exportTo] } : {};
  return [
    manifest(placed, provenance, {
      name: destination.name,
      namespace: destination.namespace,
      purpose: `leads requests to ${host} through gateway ${gatewayName}`,
      spec: { ...exported, ...toGateway },
      rules: [],
    }),
    ...(home === undefined
      ? []
      : [
          manifest(placed, provenance, {
            name: `${destination.name}-through-${gateway.name}`,
            namespace: home,
            purpose: `how gateway ${gatewayName} routes requests to ${host}`,
            spec: { ...exported, ...fromGateway },
            rules: hops.flatMap(({ rules }) => rules),
          }),
        ]),
  ];
}

interface Part {
  readonly name: string;
  readonly namespace: string;
  readonly purpose: string;
  readonly spec: JsonObject;
  /** Those that its `http` says. */
  readonly rules: readonly PlacedRouteRule[];
}

function manifest(
  { route }: PlacedEgress,
  provenance: Provenance,
  { name, namespace, purpose, spec, rules }: Part,
): Manifest {
  const origins = routeOrigins({
    rules: route.rules.length > 0 ? route.rules : route.traffic.routes.map((each) => ({ route: each })),
  });
  return {
    cluster: route.destination.cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec,
    },
    header: objectComment(purpose, origins, provenance),
    comments: routeComments({ origin: route.traffic.origin, rules }, provenance, (index) => ['spec', 'http', index]),
    realises: origins.map(({ id }) => id),
  };
}

/** What carries requests, what is told by the name that TLS asks for, and bytes. */
function rulesOf(
  hops: readonly Hop[],
  http: (hop: Hop) => readonly JsonObject[],
  host: string,
  connections: (hop: Hop) => { readonly port: number; readonly to: JsonObject },
): JsonObject {
  const requests = hops.filter(({ port }) => port.layer !== 'tcp').flatMap(http);
  const others = hops.filter(({ port }) => port.layer === 'tcp');
  const named = others.filter(isByName).map((hop) => {
    const { port, to } = connections(hop);
    return { match: [{ port, sniHosts: [host] }], route: [{ destination: to }] };
  });
  const bytes = others
    .filter((hop) => !isByName(hop))
    .map((hop) => {
      const { port, to } = connections(hop);
      return { match: [{ port }], route: [{ destination: to }] };
    });
  return {
    ...(requests.length > 0 && { http: requests }),
    ...(named.length > 0 && { tls: named }),
    ...(bytes.length > 0 && { tcp: bytes }),
  };
}

function isByName({ port: { protocol } }: Hop): boolean {
  return protocol === 'tls' || protocol === 'https';
}

function leadsIn({ port, front }: Hop) {
  return { port: port.number, to: { host: front.host, port: { number: front.port } } };
}

/** What is tried again is the gateway's to say, and no caller's beside it. */
function leadIn(hop: Hop): JsonObject {
  const { port, to } = leadsIn(hop);
  return { match: [{ port }], route: [{ destination: to }], retries: { attempts: 0 } };
}

function leadsOut({ port, listener }: Hop, host: string) {
  return { port: listener.port, to: { host, port: { number: port.number } } };
}
