import type { ManifestObject, Path } from '../../parse/document.js';
import type { Service, Waypoint } from '../../topology/model.js';
import { authorizationAt } from '../attach.js';
import { asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { AuthorizationPolicy, TargetReference } from '../policy.js';

type Scoped = Pick<AuthorizationPolicy, 'namespace' | 'scope'>;

/** The Services that a policy is meant for by its targets: named, behind a waypoint it names, or behind any (§3.1). */
export function targetedServices(policy: Scoped, at: MeshCluster): readonly Service[] {
  const { scope, namespace } = policy;
  if (scope.kind !== 'targets') return [];
  return [...at.cluster.services.values()].filter((service) =>
    scope.targets.some((target) => isMeant(target, namespace, service, at)),
  );
}

function isMeant({ kind, name }: TargetReference, namespace: string, service: Service, at: MeshCluster): boolean {
  if (kind === 'Service') return service.namespace === namespace && service.name === name;
  const waypoint = waypointOf(service, at);
  if (waypoint === undefined) return false;
  if (kind === 'Gateway') return waypoint.namespace === namespace && waypoint.name === name;
  return kind === 'GatewayClass' && namespace === at.rootNamespace && name === waypoint.className;
}

/** The waypoint that serves a Service, if one does. */
export function waypointOf({ binding }: Service, { cluster }: MeshCluster): Waypoint | undefined {
  return binding.kind === 'bound' ? cluster.waypoints.get(binding.waypoint) : undefined;
}

/** The policies of one action that are to decide together about a Service at its waypoint, its own first. */
export function targetingTogether(action: AuthorizationPolicy['action'], service: Service, at: MeshCluster) {
  const waypoint = waypointOf(service, at);
  const own = (at.authorization.get(service.namespace) ?? []).filter(({ scope }) => namesService(scope, service));
  const reaching = waypoint === undefined ? [] : authorizationAt({ kind: 'waypoint', waypoint, service }, at);
  return [...new Set([...own, ...reaching])].filter(({ dryRun, http }) => !dryRun && http.action === action);
}

function namesService(scope: AuthorizationPolicy['scope'], { name }: Service): boolean {
  return scope.kind === 'targets' && scope.targets.some((target) => target.kind === 'Service' && target.name === name);
}

/** Where a policy names its targets; `targetRef` is the older spelling of one. */
export function targetsPath(object: ManifestObject): Path {
  return ['spec', asObject(object.value.spec)?.targetRef === undefined ? 'targetRefs' : 'targetRef'];
}
