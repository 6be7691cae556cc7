import type { PlacedRoute } from '../../ir/policy-ir.js';
import type { JsonObject } from '../../parse/document.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { httpRule } from './virtual-service-rule.js';

/** The routes of a service as a VirtualService, and a DestinationRule where it has versions. */
export function virtualService(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const purpose = `how requests to ${route.destination.name} are routed, ${route.why}`;
  const { cluster, namespace, name } = route.destination;
  const origins = routeOrigins(route);
  const manifest = (kind: string, spec: JsonObject, comments: Manifest['comments']): Manifest => ({
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec,
    },
    header: objectComment(purpose, origins, provenance),
    comments,
    realises: origins.map(({ id }) => id),
  });
  const comments = routeComments({ origin: route.traffic.origin, rules: route.rules }, provenance, (index) => [
    'spec',
    'http',
    index,
  ]);
  return [
    ...(route.traffic.versions.length > 0 ? [manifest('DestinationRule', subsets(route), [])] : []),
    manifest('VirtualService', routes(route), comments),
  ];
}

function subsets({ destination, traffic }: PlacedRoute): JsonObject {
  return {
    host: destination.service?.host ?? '',
    subsets: traffic.versions.map(({ name, labels }) => ({ name, labels })),
  };
}

function routes(route: PlacedRoute): JsonObject {
  return {
    gateways: ['mesh'],
    hosts: [route.destination.service?.host ?? ''],
    http: route.rules.map((rule) => httpRule(route, rule)),
  };
}
