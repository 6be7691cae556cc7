import { asObject } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { authorizationAt } from '../../mesh/policies/attach.js';
import type { AuthorizationPolicy, TargetReference } from '../../mesh/policies/policy.js';
import type { PolicyForms } from '../../mesh/policies/policy-forms.js';
import type { ManifestObject, Path } from '../../parse/document.js';
import { type Binding, keyOf, type Service, type ServiceEntry, type Waypoint } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { type WaypointPath, waypointPathsOut, waypointPathsTo } from './waypoint-paths.js';

type Scoped = Pick<AuthorizationPolicy, 'namespace' | 'scope'>;

/** What a policy is meant for by its targets, with the ways to it. */
export interface Target {
  readonly kind: 'Service' | 'ServiceEntry';
  /** Kind and key: "Service `shop/api`". */
  readonly name: string;
  readonly object: Service | ServiceEntry;
  readonly binding: Binding;
  readonly waypoint: Waypoint | undefined;
  readonly waypointPaths: readonly WaypointPath[];
}

/** The Services and ServiceEntries that a policy names, and those behind a waypoint or a class that it names (§3.1). */
export function targetsOf(context: LintContext, policy: Scoped, at: MeshCluster): readonly Target[] {
  const { scope, namespace } = policy;
  if (scope.kind !== 'targets') return [];
  const { services, serviceEntries } = at.cluster;
  return [
    ...meantAmong(services, 'Service', scope.targets, namespace, at).map((service) =>
      targetOf('Service', service, waypointPathsTo(context.sitesBehind.get(service) ?? []), at),
    ),
    ...meantAmong(serviceEntries, 'ServiceEntry', scope.targets, namespace, at).map((entry) =>
      targetOf('ServiceEntry', entry, waypointPathsOut(context, entry, at), at),
    ),
  ];
}

/** Most targets are named outright; all objects are looked at only for a waypoint or a class of them. */
function meantAmong<T extends Service | ServiceEntry>(
  objects: ReadonlyMap<string, T>,
  kind: Target['kind'],
  targets: readonly TargetReference[],
  namespace: string,
  at: MeshCluster,
): readonly T[] {
  const named = targets.filter((target) => target.kind === kind);
  const byWaypoint = targets.filter((target) => target.kind === 'Gateway' || target.kind === 'GatewayClass');
  const own = named.flatMap(({ name }) => objects.get(keyOf({ namespace, name })) ?? []);
  if (byWaypoint.length === 0) return [...new Set(own)];
  return [...objects.values()].filter(
    (object) => own.includes(object) || byWaypoint.some((target) => isBehind(target, namespace, object, at)),
  );
}

function targetOf(
  kind: Target['kind'],
  object: Target['object'],
  waypointPaths: readonly WaypointPath[],
  at: MeshCluster,
): Target {
  const { binding } = object;
  return {
    kind,
    name: `${kind} \`${keyOf(object)}\``,
    object,
    binding,
    waypoint: waypointOf(object, at),
    waypointPaths,
  };
}

function isBehind(
  { kind, name }: TargetReference,
  namespace: string,
  object: Target['object'],
  at: MeshCluster,
): boolean {
  const waypoint = waypointOf(object, at);
  if (waypoint === undefined) return false;
  if (kind === 'Gateway') return waypoint.namespace === namespace && waypoint.name === name;
  return namespace === at.rootNamespace && name === waypoint.className;
}

/** The waypoint that serves an object, if one does. */
function waypointOf({ binding }: { readonly binding: Binding }, { cluster }: MeshCluster): Waypoint | undefined {
  return binding.kind === 'bound' ? cluster.waypoints.get(binding.waypoint) : undefined;
}

/** The policies of one action that are to decide together about a target at its waypoint, its own first. */
export function targetingTogether(
  action: AuthorizationPolicy['action'],
  { kind, object, waypoint }: Target,
  at: MeshCluster,
): readonly PolicyForms[] {
  const own = (at.authorization.get(object.namespace) ?? []).filter(({ scope }) => {
    return (
      scope.kind === 'targets' && scope.targets.some((target) => target.kind === kind && target.name === object.name)
    );
  });
  const service = kind === 'Service' ? at.cluster.services.get(keyOf(object)) : undefined;
  const reaching = waypoint === undefined ? [] : authorizationAt({ kind: 'waypoint', waypoint, service }, at);
  return [...new Set([...own, ...reaching])].filter(({ dryRun, http }) => !dryRun && http.action === action);
}

/** Where a policy names its targets; `targetRef` is the older spelling of one. */
export function targetsPath(object: ManifestObject): Path {
  return ['spec', asObject(object.value.spec)?.targetRef === undefined ? 'targetRefs' : 'targetRef'];
}
