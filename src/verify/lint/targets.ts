import type { ManifestObject, Path } from '../../parse/document.js';
import { type Binding, keyOf, type Service, type ServiceEntry, type Waypoint } from '../../topology/model.js';
import { authorizationAt } from '../attach.js';
import { asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { AuthorizationPolicy, TargetReference } from '../policy.js';
import type { PolicyForms } from '../policy-forms.js';
import type { LintContext } from './context.js';
import { type Passage, passagesOut, passagesTo } from './passages.js';

type Scoped = Pick<AuthorizationPolicy, 'namespace' | 'scope'>;

/** What a policy is meant for by its targets, with the ways to it. */
export interface Target {
  readonly kind: 'Service' | 'ServiceEntry';
  /** Kind and key: "Service `shop/api`". */
  readonly name: string;
  readonly object: Service | ServiceEntry;
  readonly binding: Binding;
  readonly waypoint: Waypoint | undefined;
  readonly passages: readonly Passage[];
}

/** The Services and ServiceEntries that a policy names, and those behind a waypoint or a class that it names (§3.1). */
export function targetsOf(context: LintContext, policy: Scoped, at: MeshCluster): readonly Target[] {
  const { scope, namespace } = policy;
  if (scope.kind !== 'targets') return [];
  const { services, serviceEntries } = at.cluster;
  const isTarget = (kind: Target['kind'], object: Target['object']) =>
    scope.targets.some((target) => isMeant(target, namespace, kind, object, at));
  return [
    ...[...services.values()]
      .filter((service) => isTarget('Service', service))
      .map((service) => targetOf('Service', service, passagesTo(context.sitesBehind.get(service) ?? []), at)),
    ...[...serviceEntries.values()]
      .filter((entry) => isTarget('ServiceEntry', entry))
      .map((entry) => targetOf('ServiceEntry', entry, passagesOut(context, entry, at), at)),
  ];
}

function targetOf(
  kind: Target['kind'],
  object: Target['object'],
  passages: readonly Passage[],
  at: MeshCluster,
): Target {
  const { binding } = object;
  return { kind, name: `${kind} \`${keyOf(object)}\``, object, binding, waypoint: waypointOf(object, at), passages };
}

function isMeant(
  target: TargetReference,
  namespace: string,
  kind: Target['kind'],
  object: Target['object'],
  at: MeshCluster,
): boolean {
  if (target.kind === 'Service' || target.kind === 'ServiceEntry') {
    return target.kind === kind && object.namespace === namespace && object.name === target.name;
  }
  const waypoint = waypointOf(object, at);
  if (waypoint === undefined) return false;
  if (target.kind === 'Gateway') return waypoint.namespace === namespace && waypoint.name === target.name;
  return namespace === at.rootNamespace && target.name === waypoint.className;
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
