import type { PlacedConnectionRule, PlacedRoute } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { isTlsPort } from '../../topology/tls-port.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { weightAnnotations, weightComment } from './external-weights.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { httpRule, tcpRule, tlsRule } from './virtual-service-rule.js';

/** The routes of a service as a VirtualService; its versions are subsets of a DestinationRule. */
export function virtualService(route: PlacedRoute, provenance: Provenance): Manifest {
  const purpose = `how requests to ${route.destination.name} are routed, ${route.why}`;
  const { cluster, namespace, name } = route.destination;
  const rules = [...route.rules, ...route.connections];
  const origins = routeOrigins({ rules });
  const { named, bytes } = byName(route);
  const { origin } = route.traffic;
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace, ...ownMetadata(purpose, origins, weightAnnotations(rules)) },
      spec: routes(route),
    },
    header: [
      ...objectComment(purpose, origins, provenance),
      ...weightComment(route.rules, '.spec.http[].route[].weight', provenance),
      ...weightComment(named, '.spec.tls[].route[].weight', provenance),
      ...weightComment(bytes, '.spec.tcp[].route[].weight', provenance),
    ],
    comments: [
      ...routeComments({ origin, rules: route.rules }, provenance, (index) => ['spec', 'http', index]),
      ...routeComments({ origin, rules: named }, provenance, (index) => ['spec', 'tls', index]),
      ...routeComments({ origin, rules: bytes }, provenance, (index) => ['spec', 'tcp', index]),
    ],
    realises: origins.map(({ id }) => id),
  };
}

function routes(route: PlacedRoute): JsonObject {
  const { named, bytes } = byName(route);
  const host = route.destination.service?.host ?? '';
  return {
    ...(route.exportTo.length > 0 && { exportTo: [...route.exportTo] }),
    gateways: ['mesh'],
    hosts: [host],
    ...(route.rules.length > 0 ? { http: route.rules.map((rule) => httpRule(route, rule)) } : {}),
    ...(named.length > 0 ? { tls: named.map((rule) => tlsRule(route, rule, host)) } : {}),
    ...(bytes.length > 0 ? { tcp: bytes.map((rule) => tcpRule(route, rule)) } : {}),
  };
}

/** TLS to a host outside the mesh is told by the name that is asked for, and other connections by their port. */
function byName({ destination: { service }, connections }: PlacedRoute) {
  const isNamed = ({ port }: PlacedConnectionRule) =>
    service !== undefined &&
    isHostOfEntry(service) &&
    service.ports.some((each) => each.number === port && isTlsPort(each));
  return { named: connections.filter(isNamed), bytes: connections.filter((rule) => !isNamed(rule)) };
}
