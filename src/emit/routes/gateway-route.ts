import type { PlacedGatewayRoute, PlacedGrant } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import { anyHost } from '../../topology/listeners/admitted.js';
import type { Manifest } from '../manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { weightAnnotations, weightComment } from './external-weights.js';
import { httpRule as httpRouteRule } from './gateway-api-rule.js';
import { gatewayParent } from './gateway-parent.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { httpRule as virtualServiceRule } from './virtual-service-rule.js';

/** The routes of a gateway for some hosts, as an HTTPRoute or a VirtualService. */
export function gatewayRoute(placed: PlacedGatewayRoute, provenance: Provenance): Manifest {
  const { cluster, namespace, name, gateway, form, rules, origin } = placed;
  const purpose = `how gateway ${gateway.namespace}/${gateway.name} routes requests for ${hostsInWords(placed.hosts)}`;
  const origins = routeOrigins({ rules });
  const isHttpRoute = form === 'HTTPRoute';
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: isHttpRoute ? 'gateway.networking.k8s.io/v1' : 'networking.istio.io/v1',
      kind: form,
      metadata: { name, namespace, ...ownMetadata(purpose, origins, weightAnnotations(rules)) },
      spec: isHttpRoute ? httpRoute(placed) : virtualService(placed),
    },
    header: [
      ...objectComment(purpose, origins, provenance),
      ...weightComment(
        rules,
        isHttpRoute ? '.spec.rules[].backendRefs[].weight' : '.spec.http[].route[].weight',
        provenance,
      ),
    ],
    comments: routeComments({ origin, rules }, provenance, (index) => ['spec', isHttpRoute ? 'rules' : 'http', index]),
    realises: origins.map(({ id }) => id),
  };
}

function hostsInWords(hosts: readonly string[]): string {
  return hosts.includes(anyHost) ? 'all of its hosts' : hosts.join(', ');
}

function httpRoute(placed: PlacedGatewayRoute): JsonObject {
  const { gateway, namespace, port, hosts, rules } = placed;
  return {
    parentRefs: [gatewayParent(gateway, namespace, port)],
    ...(!hosts.includes(anyHost) && { hostnames: [...hosts] }),
    rules: rules.map((rule) => httpRouteRule(homeOf(placed), rule)),
  };
}

function virtualService(placed: PlacedGatewayRoute): JsonObject {
  const { gateway, hosts, exportTo, rules } = placed;
  return {
    ...(exportTo.length > 0 && { exportTo: [...exportTo] }),
    gateways: [`${gateway.namespace}/${gateway.name}`],
    hosts: [...hosts],
    http: rules.map((rule) => virtualServiceRule(homeOf(placed), rule)),
  };
}

function homeOf({ namespace, name, otherServices, otherVersions }: PlacedGatewayRoute) {
  return { destination: { namespace, name, service: undefined }, backends: [], otherServices, otherVersions };
}

/** The leave for routes of one namespace to lead to Services of another. */
export function referenceGrant(
  { cluster, namespace, name, from, kind, services, origins }: PlacedGrant,
  provenance: Provenance,
): Manifest {
  const purpose = `lets ${kind}s of namespace ${from} lead to these Services`;
  const all = distinct(origins);
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name, namespace, ...ownMetadata(purpose, all) },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind, namespace: from }],
        to: services.map((service) => ({ group: '', kind: 'Service', name: service })),
      },
    },
    header: objectComment(purpose, all, provenance),
    comments: [],
    realises: all.map(({ id }) => id),
  };
}
