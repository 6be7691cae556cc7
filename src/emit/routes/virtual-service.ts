import type { PlacedRoute } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { weightAnnotations, weightComment } from './external-weights.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { httpRule, tcpRule } from './virtual-service-rule.js';

/** The routes of a service as a VirtualService; its versions are subsets of a DestinationRule. */
export function virtualService(route: PlacedRoute, provenance: Provenance): Manifest {
  const purpose = `how requests to ${route.destination.name} are routed, ${route.why}`;
  const { cluster, namespace, name } = route.destination;
  const rules = [...route.rules, ...route.connections];
  const origins = routeOrigins({ rules });
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
      ...weightComment(route.connections, '.spec.tcp[].route[].weight', provenance),
    ],
    comments: [
      ...routeComments({ origin, rules: route.rules }, provenance, (index) => ['spec', 'http', index]),
      ...routeComments({ origin, rules: route.connections }, provenance, (index) => ['spec', 'tcp', index]),
    ],
    realises: origins.map(({ id }) => id),
  };
}

function routes(route: PlacedRoute): JsonObject {
  return {
    ...(route.exportTo.length > 0 && { exportTo: [...route.exportTo] }),
    gateways: ['mesh'],
    hosts: [route.destination.service?.host ?? ''],
    ...(route.rules.length > 0 ? { http: route.rules.map((rule) => httpRule(route, rule)) } : {}),
    ...(route.connections.length > 0 ? { tcp: route.connections.map((rule) => tcpRule(route, rule)) } : {}),
  };
}
