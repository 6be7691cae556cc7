import type { PlacedRoute, PlacedRouteRule } from '../../ir/placed-traffic.js';
import { nameForPort } from '../../ir/route-name.js';
import { rulesOnPort } from '../../ir/rules-on-port.js';
import type { JsonObject } from '../../parse/document.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';
import { weightAnnotations, weightComment } from './external-weights.js';
import { httpRule, tcpRule } from './gateway-api-rule.js';
import { routeComments, routeOrigins } from './route-comments.js';

/** The routes of a service as one HTTPRoute or TCPRoute a port. */
export function gatewayApiRoutes(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const { destination, connections } = route;
  const ports = (destination.service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  const nameFor = (port: number) => nameForPort(route, port);
  return [
    ...ports.flatMap(({ number }) => httpRoute(route, { port: number, name: nameFor(number) }, provenance)),
    ...connections.map((rule) => {
      const at = { kind: 'TCPRoute', port: rule.port, name: nameFor(rule.port) };
      return routeObject(route, at, [rule], [tcpRule(route, rule)], provenance);
    }),
  ];
}

function httpRoute(
  placed: PlacedRoute,
  { port, name }: { readonly port: number; readonly name: string },
  provenance: Provenance,
): Manifest[] {
  const rules = rulesOnPort(placed.rules, port);
  if (rules.length === 0) return [];
  const printed = rules.map((rule) => httpRule(placed, rule, port));
  return [routeObject(placed, { kind: 'HTTPRoute', port, name }, rules, printed, provenance)];
}

interface RouteOfPort {
  readonly kind: string;
  readonly name: string;
  readonly port: number;
}

function routeObject(
  { destination, traffic, why }: PlacedRoute,
  { kind, name, port }: RouteOfPort,
  rules: ReadonlyArray<Pick<PlacedRouteRule, 'route'>>,
  printed: readonly JsonObject[],
  provenance: Provenance,
): Manifest {
  const purpose = `how requests to ${destination.name} are routed, ${why}`;
  const origins = routeOrigins({ rules });
  return {
    cluster: destination.cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      metadata: { name, namespace: destination.namespace, ...ownMetadata(purpose, origins, weightAnnotations(rules)) },
      spec: {
        parentRefs: [{ ...parentOf(destination), port }],
        rules: [...printed],
      },
    },
    header: [
      ...objectComment(purpose, origins, provenance),
      ...weightComment(rules, '.spec.rules[].backendRefs[].weight', provenance),
    ],
    comments: routeComments({ origin: traffic.origin, rules }, provenance, (index) => ['spec', 'rules', index]),
    realises: origins.map(({ id }) => id),
  };
}

function parentOf({ name, service }: PlacedRoute['destination']): JsonObject {
  if (service === undefined || !isHostOfEntry(service)) return { group: '', kind: 'Service', name };
  return { group: 'networking.istio.io', kind: 'ServiceEntry', name: service.object.name };
}
