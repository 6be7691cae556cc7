import { asText } from '../../json.js';
import { fullHost } from '../../paths/tls-settings.js';
import type { RequestChanges, UnreadRoute, WeightedDestination } from '../route.js';
import { asNumber, type Node, nodesOf } from './fields.js';
import type { RouteObject, Surroundings } from './route-object.js';

/** What the backends of one rule are read with. */
export interface BackendContext {
  readonly route: RouteObject;
  readonly parent: 'mesh' | 'gateway';
  readonly surroundings: Surroundings;
  readonly clusterDomain: string;
}

/** Those with a weight, or with one that may be changed; a missing weight is 1. As long as none has any there are none (T-26). A backend that is no valid one drops the whole route. */
export function backendsOf(
  rule: Node,
  context: BackendContext,
  changesOf: (backend: Node, isOnly: boolean) => RequestChanges | UnreadRoute,
): readonly WeightedDestination[] | UnreadRoute {
  const written = nodesOf(rule, 'backendRefs');
  const isShared = written.length > 1 && written.some((backend) => weightOf(backend) > 0);
  const isExternal = isShared && context.surroundings.hasExternalWeights(context.route.object);
  const weighted = written.filter((backend) => isExternal || weightOf(backend) > 0);
  const destinations: WeightedDestination[] = [];
  for (const backend of weighted) {
    const target = targetOf(backend, context);
    if ('why' in target) return target;
    const changes = changesOf(backend, weighted.length === 1);
    if ('why' in changes) return changes;
    const share = { weight: weightOf(backend), ...(isExternal && { isExternal }) };
    destinations.push({ ...target, ...share, place: backend.place, subset: undefined, changes, statusIfMissing: 500 });
  }
  return destinations;
}

function weightOf({ value }: Node): number {
  return asNumber(value.weight) ?? 1;
}

const inferencePool = 'inference.networking.k8s.io/InferencePool';

/** Of a pool the endpoint picker chooses the pod; without the flag it is a backend that nobody knows. */
export function isPool({ value: { group, kind } }: Node, { surroundings }: BackendContext): boolean {
  return surroundings.readsPools && `${group}/${kind}` === inferencePool;
}

type Target = Pick<WeightedDestination, 'host' | 'port' | 'fault'>;

/** What a `backendRef` names: a Service, a host, or a Service of other clusters (T-24). */
export function targetOf(backend: Node, context: BackendContext): Target | UnreadRoute {
  const { group = '', kind = 'Service', name, namespace } = backend.value;
  const home = asText(namespace) ?? context.route.namespace;
  const port = asNumber(backend.value.port);
  const unread = (why: string) => ({ object: context.route.object, place: backend.place, why });
  switch (`${group}/${kind}`) {
    case '/Service':
    case 'multicluster.x-k8s.io/ServiceImport': {
      if (asText(name)?.includes('.')) return unread('a backend is named by the name of its Service, not by a host');
      if (port === undefined) return unread('a backend needs a port');
      const host = fullHost(asText(name) ?? '', home, context.clusterDomain);
      return { host, port, fault: faultOf(context, String(kind), home, asText(name) ?? '') };
    }
    case 'networking.istio.io/Hostname': {
      if (namespace !== undefined) return unread('a backend of kind Hostname has no namespace');
      if (port === undefined) return unread('a backend needs a port');
      return { host: (asText(name) ?? '').toLowerCase(), port, fault: undefined };
    }
    case inferencePool:
      return { host: '', port, fault: 'Istio knows InferencePools only with `ENABLE_GATEWAY_API_INFERENCE_EXTENSION`' };
    default:
      return { host: '', port, fault: `Istio knows no backend of group \`${group}\` and kind \`${kind}\`` };
  }
}

/** A gateway's route leads into another namespace only where a ReferenceGrant lets it (T-25). */
function faultOf({ route, parent, surroundings }: BackendContext, kind: string, home: string, name: string) {
  if (parent === 'mesh' || home === route.namespace) return undefined;
  if (surroundings.isGranted(route.object, kind, home, name)) return undefined;
  return `no ReferenceGrant of namespace \`${home}\` lets ${route.object.kind}s of \`${route.namespace}\` lead there`;
}
