import { type Gateway, type Service, selects, type Waypoint, type Workload } from '../../topology/model.js';
import { assertNever } from '../../util/assert.js';
import { flag, inNamespaces, type MeshCluster } from '../mesh.js';
import { hasNoSelector } from './peer-authentication.js';
import type { PeerAuthentication, RequestAuthentication, Scope, TargetReference } from './policy.js';
import type { PolicyForms } from './policy-forms.js';

/** Where policy is enforced. A waypoint enforces for one service, or for pods addressed by their IP (§3.2). */
export type Point =
  | { readonly kind: 'sidecar' | 'ztunnel'; readonly workload: Workload }
  | { readonly kind: 'waypoint'; readonly waypoint: Waypoint; readonly service: Service | undefined }
  | { readonly kind: 'gateway'; readonly gateway: Gateway };

interface Attachable {
  readonly namespace: string;
  readonly scope: Scope;
}

/** Whether a policy reaches an enforcement point: Istio's own table (§3.1). */
export function attaches({ namespace, scope }: Attachable, point: Point, mesh: MeshCluster): boolean {
  switch (point.kind) {
    case 'sidecar':
      return selectsPod(namespace, scope, point.workload.namespace, point.workload.labels, mesh);
    case 'ztunnel':
      return selectsAtZtunnel(namespace, scope, point.workload, mesh);
    case 'waypoint':
      return (
        scope.kind === 'targets' && scope.targets.some((target) => targetsWaypoint(target, namespace, point, mesh))
      );
    case 'gateway':
      return attachesToGateway(namespace, scope, point.gateway, mesh);
    default:
      return assertNever(point);
  }
}

/** Root-namespace policies reach every namespace; a policy with targets reaches no pod by its labels (§3.1). */
function selectsPod(
  namespace: string,
  scope: Scope,
  podNamespace: string,
  labels: Readonly<Record<string, string>>,
  { rootNamespace }: MeshCluster,
): boolean {
  if (namespace !== podNamespace && namespace !== rootNamespace) return false;
  if (scope.kind === 'targets') return false;
  return scope.kind === 'namespace' || selects(scope.matchLabels ?? {}, labels);
}

/**
 * istiod sends a policy whose selector has no `matchLabels` to ztunnel and attaches it to nothing; to a pod without any
 * label it attaches every other one (§3.4).
 */
function selectsAtZtunnel(namespace: string, scope: Scope, pod: Workload, mesh: MeshCluster): boolean {
  if (scope.kind !== 'selector') return selectsPod(namespace, scope, pod.namespace, pod.labels, mesh);
  if (scope.matchLabels === undefined) return false;
  const effective: Scope = hasNoLabel(pod) ? { kind: 'namespace' } : scope;
  return selectsPod(namespace, effective, pod.namespace, pod.labels, mesh);
}

function hasNoLabel({ labels }: Workload): boolean {
  for (const _ in labels) return false;
  return true;
}

function targetsWaypoint(
  target: TargetReference,
  namespace: string,
  { waypoint, service }: { readonly waypoint: Waypoint; readonly service: Service | undefined },
  { rootNamespace }: MeshCluster,
): boolean {
  switch (target.kind) {
    case 'Service':
    case 'ServiceEntry':
      return service !== undefined && isServiceNamed(target, namespace, service);
    case 'Gateway':
      return namespace === waypoint.namespace && target.name === waypoint.name;
    case 'GatewayClass':
      return namespace === rootNamespace && target.name === 'istio-waypoint';
    default:
      return assertNever(target.kind);
  }
}

/** A host of a ServiceEntry is named by the entry. */
function isServiceNamed({ kind, name }: TargetReference, namespace: string, service: Service): boolean {
  const isEntry = service.object.kind === 'ServiceEntry';
  return (
    namespace === service.namespace &&
    (kind === 'ServiceEntry') === isEntry &&
    name === (isEntry ? service.object.name : service.name)
  );
}

/**
 * A pod that carries the name of a Gateway takes targets, and selectors too unless a flag forbids; the pods of any other
 * gateway are ordinary ones (§3.1).
 */
function attachesToGateway(namespace: string, scope: Scope, gateway: Gateway, mesh: MeshCluster): boolean {
  const served = gateway.podLabels['gateway.networking.k8s.io/gateway-name'];
  const selected = selectsPod(namespace, scope, gateway.namespace, gateway.podLabels, mesh);
  if (served === undefined) return selected;
  if (scope.kind !== 'targets') return selected && flag(mesh, 'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY');
  return (
    namespace === gateway.namespace && scope.targets.some(({ kind, name }) => kind === 'Gateway' && name === served)
  );
}

export function authorizationAt(point: Point, mesh: MeshCluster): readonly PolicyForms[] {
  const candidates = inNamespaces(mesh.authorization, mesh.rootNamespace, ...namespacesOf(point));
  return candidates.filter((policy) => attaches(policy, point, mesh));
}

export function requestAuthenticationAt(point: Point, mesh: MeshCluster): readonly RequestAuthentication[] {
  const candidates = inNamespaces(mesh.requestAuthentication, mesh.rootNamespace, ...namespacesOf(point));
  return candidates.filter((policy) => attaches(policy, point, mesh));
}

export function namespacesOf(point: Point): readonly string[] {
  if (point.kind === 'gateway') return [point.gateway.namespace];
  if (point.kind !== 'waypoint') return [point.workload.namespace];
  return [point.waypoint.namespace, ...(point.service === undefined ? [] : [point.service.namespace])];
}

/** The PeerAuthentications that a workload's proxy is given. ztunnel's are fetched by a stricter question (§5.2, last row). */
export function peerAuthenticationAt(
  plane: 'sidecar' | 'ztunnel',
  workload: Workload,
  mesh: MeshCluster,
): readonly PeerAuthentication[] {
  return inNamespaces(mesh.peerAuthentication, mesh.rootNamespace, workload.namespace).filter((policy) => {
    if (policy.namespace === workload.namespace) return selects(policy.matchLabels ?? {}, workload.labels);
    return plane === 'sidecar' ? hasNoSelector(policy) : policy.matchLabels === undefined;
  });
}
