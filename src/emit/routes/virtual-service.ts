import type { PlacedRoute } from '../../ir/policy-ir.js';
import type { JsonObject } from '../../parse/document.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { httpRule } from './virtual-service-rule.js';

/** The routes of a service as a VirtualService; its versions are subsets of a DestinationRule. */
export function virtualService(route: PlacedRoute, provenance: Provenance): Manifest {
  const purpose = `how requests to ${route.destination.name} are routed, ${route.why}`;
  const { cluster, namespace, name } = route.destination;
  const origins = routeOrigins(route);
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: routes(route),
    },
    header: objectComment(purpose, origins, provenance),
    comments: routeComments({ origin: route.traffic.origin, rules: route.rules }, provenance, (index) => [
      'spec',
      'http',
      index,
    ]),
    realises: origins.map(({ id }) => id),
  };
}

function routes(route: PlacedRoute): JsonObject {
  return {
    gateways: ['mesh'],
    hosts: [route.destination.service?.host ?? ''],
    http: route.rules.map((rule) => httpRule(route, rule)),
  };
}
