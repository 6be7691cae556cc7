import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Route, RouteMatch } from '../../mesh/routes/route.js';
import { isManaged, type ManifestObject, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { keyOf, type Service } from '../../topology/model.js';
import { type Blocker, type MigrationContext, movingServices } from './context.js';

/** What a route says for a Service that is to move, in the mesh and not at a gateway alone. */
interface ServiceRoute {
  readonly route: Route;
  readonly object: ManifestObject;
  readonly service: Service;
}

/** Ambit writes its own routes anew for the data plane that it finds. */
function serviceRoutes(context: MigrationContext): readonly ServiceRoute[] {
  const byHost = new Map(movingServices(context).map((service) => [service.host, service]));
  return context.at.routes.flatMap((route) => {
    const [object] = route.objects;
    const service = route.hosts.flatMap((host) => byHost.get(host) ?? [])[0];
    if (object === undefined || service === undefined || isManaged(object)) return [];
    return route.attachments.some(({ kind }) => kind === 'mesh') ? [{ route, object, service }] : [];
  });
}

function virtualServices(context: MigrationContext): readonly ServiceRoute[] {
  return serviceRoutes(context).filter(({ object }) => object.kind === 'VirtualService');
}

/** A waypoint is one client for all: it drops matches by labels, and compares its own namespace (B-08). */
export const matchesByClient: Blocker = (context) =>
  virtualServices(context).flatMap(({ route, object, service }) => {
    const rules = [...route.http, ...route.tls, ...route.tcp];
    const match = rules.flatMap(({ matches }) => matches.filter(asksForClient))[0];
    if (match === undefined) return [];
    const field = match.proxy.sourceNamespace === undefined ? 'sourceLabels' : 'sourceNamespace';
    const parameters = { object: describe(object), field, service: keyOf(service) };
    return [diagnostic('migrate-match-by-client', parameters, spanIn(object, [...match.place, field], 'key'))];
  });

function asksForClient({ proxy }: Pick<RouteMatch, 'proxy'>): boolean {
  return proxy.sourceNamespace !== undefined || Object.keys(proxy.sourceLabels).length > 0;
}

/** What clients say for themselves of the Service of another namespace: no waypoint looks there (B-09). */
export const clientRoutes: Blocker = (context) => [
  ...virtualServices(context)
    .filter(({ object, service }) => isForeign(context, object, service))
    .map(({ object, service }) => clientFinding(object, service)),
  ...destinationRules(context)
    .filter(
      ({ object, service }) => isForeign(context, object, service) && namespaceOf(object) !== context.at.rootNamespace,
    )
    .map(({ object, service }) => clientFinding(object, service)),
];

function clientFinding(object: ManifestObject, service: Service): Diagnostic {
  const parameters = { object: describe(object), service: keyOf(service) };
  return diagnostic('migrate-client-settings', parameters, spanIn(object, ['metadata', 'namespace']));
}

/** Those that a waypoint of the Service reads, or would read. */
function routesAtWaypoints(context: MigrationContext): readonly ServiceRoute[] {
  return serviceRoutes(context).filter(({ object, service }) => !isForeign(context, object, service));
}

/** Whether an object stands neither with the Service nor with the waypoint that serves it. */
function isForeign({ after }: MigrationContext, object: ManifestObject, service: Service): boolean {
  const namespace = namespaceOf(object);
  const binding = after.services.get(keyOf(service))?.binding;
  return (
    namespace !== service.namespace && (binding?.kind !== 'bound' || !binding.waypoint.startsWith(`${namespace}/`))
  );
}

/** A waypoint reads both one after the other, and nobody promises in which order (B-12). */
export const twoKindsOfRoutes: Blocker = (context) => {
  const routes = routesAtWaypoints(context);
  return routes.flatMap(({ object, service }) => {
    const other = routes.find((each) => each.service === service && each.object.kind !== 'VirtualService');
    if (object.kind !== 'VirtualService' || other === undefined) return [];
    const parameters = { object: describe(object), other: describe(other.object), service: keyOf(service) };
    return [diagnostic('migrate-two-routes', parameters, spanIn(object, ['spec', 'hosts']))];
  });
};

/** The Gateway API has no subsets: each version needs a Service of its own (B-13). */
export const subsetsInRoutes: Blocker = (context) =>
  virtualServices(context).flatMap(({ route, object, service }) => {
    const routes: unknown = Object(object.value.spec);
    const subset = /"subset":"([^"]*)"/.exec(JSON.stringify(routes))?.[1];
    const rule = route.http[0] ?? route.tcp[0] ?? route.tls[0];
    if (subset === undefined || rule === undefined) return [];
    const parameters = { object: describe(object), subset, service: keyOf(service) };
    return [diagnostic('migrate-subset', parameters, spanIn(object, rule.origin.place))];
  });

/** Calls that leave by a gateway are led there by each sidecar (B-15). */
export const egressChains: Blocker = ({ at, moving }) =>
  moving.length === 0
    ? []
    : at.routes.flatMap((route) => {
        const [object] = route.objects;
        const kinds = new Set(route.attachments.map(({ kind }) => kind));
        if (object?.kind !== 'VirtualService' || kinds.size < 2 || isManaged(object)) return [];
        const isOutside = route.hosts.some(
          (host) => ![...at.cluster.services.values()].some((each) => each.host === host),
        );
        const parameters = { object: describe(object), host: route.hosts[0] ?? '*' };
        return isOutside ? [diagnostic('migrate-egress-chain', parameters, spanIn(object, ['spec', 'gateways']))] : [];
      });

/** What is exported to its own namespace alone is not seen by a waypoint of another (B-27). */
export const privateRules: Blocker = (context) => {
  const rules = [
    ...virtualServices(context).map(({ route: { exportTo }, ...rest }) => ({ exportTo, ...rest })),
    ...destinationRules(context),
  ];
  return rules.flatMap(({ exportTo, object, service }) => {
    const binding = context.after.services.get(keyOf(service))?.binding;
    if (binding?.kind !== 'bound' || !exportTo.every((name) => name === '.' || name === namespaceOf(object))) return [];
    if (exportTo.length === 0 || binding.waypoint.startsWith(`${namespaceOf(object)}/`)) return [];
    const parameters = { object: describe(object), waypoint: binding.waypoint };
    return [diagnostic('migrate-private-rule', parameters, spanIn(object, ['spec', 'exportTo']))];
  });
};

interface ServiceRule {
  readonly object: ManifestObject;
  readonly service: Service;
  readonly exportTo: readonly string[];
}

function destinationRules(context: MigrationContext): readonly ServiceRule[] {
  const byHost = new Map(movingServices(context).map((service) => [service.host, service]));
  return context.at.versions.flatMap(({ object, host, exportTo }) => {
    const service = byHost.get(host);
    return service === undefined || isManaged(object) ? [] : [{ object, service, exportTo }];
  });
}

/** Settings for clients with certain labels: a waypoint has labels of its own (B-14). */
export const rulesForSomeClients: Blocker = (context) =>
  destinationRules(context)
    .filter(({ object }) => Object(object.value.spec).workloadSelector !== undefined)
    .map(({ object, service }) => {
      const parameters = { object: describe(object), service: keyOf(service) };
      return diagnostic(
        'migrate-rule-for-some-clients',
        parameters,
        spanIn(object, ['spec', 'workloadSelector'], 'key'),
      );
    });

/** Before Istio 1.31 a waypoint hashes only where a route is there as well (B-30). */
export const hashesWithoutRoute: Blocker = (context) => {
  if (context.cluster.settings.istio.version >= '1.31') return [];
  const routed = new Set(routesAtWaypoints(context).map(({ service }) => service));
  return destinationRules(context).flatMap(({ object, service }) => {
    const hash = Object(Object(Object(object.value.spec).trafficPolicy).loadBalancer).consistentHash;
    if (hash === undefined || routed.has(service)) return [];
    const parameters = {
      object: describe(object),
      service: keyOf(service),
      version: context.cluster.settings.istio.version,
    };
    const path = ['spec', 'trafficPolicy', 'loadBalancer', 'consistentHash'];
    return [diagnostic('migrate-hash-without-route', parameters, spanIn(object, path, 'key'))];
  });
};
