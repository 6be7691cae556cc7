import type { ManifestObject } from '../../../parse/document.js';
import { isFlagOn } from '../../../parse/read-flags.js';
import { exportedByDefault } from '../../../topology/default-exports.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { hasExternalWeights } from '../../../topology/rollouts/weight-controllers.js';
import { isGiven } from '../../given-namespaces.js';
import { asObject, asTexts } from '../../json.js';
import type { UnreadRoute } from '../route.js';
import type { BackendContext } from './backends.js';
import { readConnectionRules, whyNotEnabled } from './connection-routes.js';
import type { Delegates } from './delegation/delegated-rules.js';
import { nodesOf } from './fields.js';
import { type ReadRoutes, type Rules, readGatewayApiRoute } from './gateway-api.js';
import { readGrpcRules } from './grpc-route.js';
import { readHttpRules } from './http-route.js';
import type { RouteObject, Surroundings } from './route-object.js';
import { type Context, namesIn, readVirtualService } from './virtual-service.js';

/** Every route of a cluster, as istiod has them; and the objects, or parents of them, that it does not route by. */
export function readRoutes(
  cluster: Cluster,
  clusterDomain: string,
  foreign: readonly ManifestObject[] = [],
): ReadRoutes {
  const { services, serviceEntries, settings } = cluster;
  const { version, flags, defaultVirtualServiceExportTo } = settings.istio;
  const readsPools = isFlagOn(flags, 'ENABLE_GATEWAY_API_INFERENCE_EXTENSION');
  const exportTo = exportedByDefault(defaultVirtualServiceExportTo) ?? ['*'];
  const isGranted = grantsOf(cluster);
  const surroundings: Surroundings = {
    ...{ version, readsPools, exportTo, services, serviceEntries, isGranted },
    hasExternalWeights: (object) => hasExternalWeights(cluster, object, undefined),
  };
  const context: Context = {
    exportedByDefault: exportTo,
    delegates: delegatesOf(cluster, clusterDomain, foreign),
  };
  const read = cluster.routes.map((object) => readObject(object, cluster, surroundings, clusterDomain, context));
  return { routes: read.flatMap(({ routes }) => routes), unread: read.flatMap(({ unread }) => unread) };
}

function delegatesOf(cluster: Cluster, clusterDomain: string, foreign: readonly ManifestObject[]): Delegates {
  const { defaultVirtualServiceExportTo: defaults } = cluster.settings.istio;
  return {
    known: delegatesAmong(cluster.routes),
    foreign: delegatesAmong(foreign),
    exportedByDefault: defaults.length === 0 ? ['*'] : defaults,
    isGiven: (namespace) => isGiven(cluster, namespace),
    namesOf: (object) => namesIn(object, cluster, clusterDomain),
  };
}

function delegatesAmong(objects: readonly ManifestObject[]): ReadonlyMap<string, ManifestObject> {
  const delegates = objects.filter(
    ({ kind, value }) => kind === 'VirtualService' && asTexts(asObject(value.spec)?.hosts).length === 0,
  );
  return new Map(delegates.map((object) => [keyOf({ ...object, namespace: object.namespace ?? 'default' }), object]));
}

type Granting = Surroundings['isGranted'];

/** A grant lies in the namespace that is led to, and names the routes by kind and namespace (T-25). */
function grantsOf({ referenceGrants }: Cluster): Granting {
  return (route, kind, namespace, name) =>
    referenceGrants.some((grant) => {
      const spec = { value: asObject(grant.value.spec) ?? {}, place: ['spec'] };
      const isFrom = nodesOf(spec, 'from').some(
        ({ value: from }) =>
          from.group === 'gateway.networking.k8s.io' &&
          from.kind === route.kind &&
          from.namespace === (route.namespace ?? 'default'),
      );
      const isTo = nodesOf(spec, 'to').some(({ value: to }) => to.kind === kind && (to.name ?? name) === name);
      return (grant.namespace ?? 'default') === namespace && isFrom && isTo;
    });
}

const nothing: ReadRoutes = { routes: [], unread: [] };

function readObject(
  object: ManifestObject,
  { settings }: Cluster,
  surroundings: Surroundings,
  clusterDomain: string,
  context: Context,
): ReadRoutes {
  if (object.kind === 'DestinationRule') return nothing;
  if (object.kind === 'VirtualService') return readVirtualService(object, context);
  const why = whyNotEnabled(object, settings.istio);
  if (why !== undefined) return { ...nothing, unread: [{ object, place: ['kind'], why }] };
  return readGatewayApiRoute(object, surroundings, (route, parent) =>
    readRules(route, { route, parent, surroundings, clusterDomain }),
  );
}

const none: Rules = { http: [], tls: [], tcp: [] };

function readRules(route: RouteObject, context: BackendContext): Rules | UnreadRoute {
  const rules = nodesOf(route.spec, 'rules');
  switch (route.object.kind) {
    case 'HTTPRoute':
      return withRules('http', readHttpRules(rules, context));
    case 'GRPCRoute':
      return withRules('http', readGrpcRules(rules, context));
    default:
      return withRules(route.object.kind === 'TLSRoute' ? 'tls' : 'tcp', readConnectionRules(rules, context));
  }
}

function withRules<K extends keyof Rules>(kind: K, rules: Rules[K] | UnreadRoute): Rules | UnreadRoute {
  return 'why' in rules ? rules : { ...none, [kind]: rules };
}
