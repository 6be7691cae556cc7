import type { PlacedRoute } from '../../ir/policy-ir.js';
import { rulesOnPort } from '../../ir/rules-on-port.js';
import type { ServicePort } from '../../topology/model.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { httpRule } from './http-route-rule.js';
import { routeComments, routeOrigins } from './route-comments.js';
import { versionService } from './version-service.js';

/** The routes of a service as one HTTPRoute a port, and the Services that stand for its versions. */
export function httpRoutes(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const { destination, backends } = route;
  const ports = (destination.service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  return [
    ...backends.filter(({ exists }) => !exists).map((backend) => versionService(route, backend, provenance)),
    ...ports.flatMap((port) => httpRoute(route, port, ports.length > 1, provenance)),
  ];
}

function httpRoute(
  placed: PlacedRoute,
  port: ServicePort,
  isOneOfSeveral: boolean,
  provenance: Provenance,
): Manifest[] {
  const { destination, traffic, why } = placed;
  const { cluster, namespace, name } = destination;
  const purpose = `how requests to ${name} are routed, ${why}`;
  const rules = rulesOnPort(placed.rules, port.number);
  if (rules.length === 0) return [];
  const origins = routeOrigins({ rules });
  return [
    {
      cluster,
      phase: '20-policies',
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: {
          name: isOneOfSeveral ? `${name}-${port.number}` : name,
          namespace,
          ...ownMetadata(purpose, origins),
        },
        spec: {
          parentRefs: [{ group: '', kind: 'Service', name, port: port.number }],
          rules: rules.map((rule) => httpRule(placed, rule, port.number)),
        },
      },
      header: objectComment(purpose, origins, provenance),
      comments: routeComments({ origin: traffic.origin, rules }, provenance, (index) => ['spec', 'rules', index]),
      realises: origins.map(({ id }) => id),
    },
  ];
}
