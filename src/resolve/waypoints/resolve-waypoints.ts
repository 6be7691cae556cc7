import { diagnostic } from '../../diagnostics/create.js';
import type { Located } from '../../diagnostics/diagnostic.js';
import type { WaypointWishes, WrittenWaypoints } from '../../parse/waypoints.js';
import type { Topology } from '../../topology/model.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { ResolveContext } from '../context.js';
import { blockedBy } from './blocked-evictions.js';
import {
  defaultPolicy,
  type WaypointPlace,
  type WaypointPods,
  type WaypointPolicies,
  type WaypointPolicy,
} from './waypoint-policies.js';

type Context = Pick<ResolveContext, 'topology' | 'report'>;

/** Binds what a project says of waypoints to the namespaces of the mesh. */
export function resolveWaypoints(context: Context, written: readonly WrittenWaypoints[]): WaypointPolicies {
  const [first, second] = written;
  if (first === undefined) return { everywhere: defaultPolicy, byNamespace: new Map() };
  if (second !== undefined) {
    const notes = [{ message: 'the first is here', span: first.span }];
    context.report(diagnostic('several-waypoint-policies', {}, second.span, { notes }));
  }
  checkNamespaces(context, first);
  checkPods(context, first.everywhere);
  for (const override of first.overrides) checkPods(context, inherited(first.everywhere, override));
  checkShared(context, first);
  const byNamespace = first.overrides.flatMap((override) => {
    const policy = policyOf(inherited(first.everywhere, override));
    return override.namespaces.map(({ value }) => [value, policy] as const);
  });
  return { everywhere: policyOf(first.everywhere), byNamespace: new Map(byNamespace) };
}

/** What an override leaves out is as it is everywhere. */
function inherited(everywhere: WaypointWishes, override: WaypointWishes): WaypointWishes {
  return {
    placement: override.placement ?? everywhere.placement,
    in: override.placement === undefined ? everywhere.in : override.in,
    replicas: override.replicas ?? everywhere.replicas,
    maxReplicas: override.maxReplicas ?? everywhere.maxReplicas,
    disruption: override.disruption ?? everywhere.disruption,
  };
}

function policyOf(wishes: WaypointWishes): WaypointPolicy {
  return { place: placeOf(wishes), pods: podsOf(wishes), isWritten: true };
}

function placeOf({ placement = 'Namespace', in: shared }: WaypointWishes): WaypointPlace {
  if (placement !== 'Shared') return { kind: placement };
  const [namespace = '', name = ''] = shared?.value.split('/') ?? [];
  return { kind: placement, namespace, name };
}

function podsOf({
  replicas,
  maxReplicas,
  disruption,
}: Pick<WaypointWishes, 'replicas' | 'maxReplicas' | 'disruption'>): WaypointPods {
  const { pods } = defaultPolicy;
  return {
    replicas: replicas?.value ?? pods.replicas,
    maxReplicas: maxReplicas?.value,
    disruption: disruption?.value ?? pods.disruption,
  };
}

function checkNamespaces(context: Context, { everywhere, overrides }: WrittenWaypoints): void {
  const seen = new Map<string, Located<string>>();
  for (const name of overrides.flatMap(({ namespaces }) => namespaces)) {
    const first = seen.get(name.value);
    if (first === undefined) {
      seen.set(name.value, name);
      checkNamespace(context, name.value, name);
      continue;
    }
    const notes = [{ message: 'the first is here', span: first.span }];
    context.report(diagnostic('waypoints-said-twice', { namespace: name.value }, name.span, { notes }));
  }
  for (const shared of [everywhere, ...overrides].flatMap((wishes) => wishes.in ?? [])) {
    const [namespace = ''] = shared.value.split('/');
    checkNamespace(context, namespace, shared);
  }
}

function checkNamespace({ topology, report }: Context, namespace: string, { span }: Located<string>): void {
  const known = namespacesOf(topology);
  if (known.includes(namespace)) return;
  report(diagnostic('waypoints-of-no-namespace', { namespace }, span, didYouMean(suggest(namespace, known))));
}

function namespacesOf({ clusters }: Topology): readonly string[] {
  return [...new Set(clusters.flatMap(({ namespaces }) => [...namespaces.keys()]))];
}

function checkPods({ report }: Context, wishes: WaypointWishes): void {
  const pods = podsOf(wishes);
  const { replicas, maxReplicas, disruption } = pods;
  if (maxReplicas !== undefined && maxReplicas < replicas) {
    const parameters = {
      field: `maxReplicas: ${maxReplicas}`,
      replicas,
      why: 'an autoscaler keeps at least `replicas`',
    };
    report(diagnostic('waypoint-pods-contradict', parameters, wishes.maxReplicas?.span ?? null));
  }
  if (!blockedBy(pods)) return;
  const parameters = {
    field: `${disruption.bound}: ${disruption.pods}`,
    replicas,
    why: 'no pod could ever be evicted, and no node drained on which one runs',
  };
  report(diagnostic('waypoint-pods-contradict', parameters, (wishes.disruption ?? wishes.replicas)?.span ?? null));
}

/** One waypoint that several items name has one number of pods. */
function checkShared({ report }: Context, { everywhere, overrides }: WrittenWaypoints): void {
  const seen = new Map<string, string>();
  for (const written of [everywhere, ...overrides]) {
    const { in: shared, ...item } = inherited(everywhere, written);
    if (shared === undefined) continue;
    const pods = JSON.stringify(podsOf(item));
    const earlier = seen.get(shared.value) ?? pods;
    seen.set(shared.value, earlier);
    const differing = written.replicas ?? written.maxReplicas ?? written.disruption ?? shared;
    if (earlier !== pods) report(diagnostic('shared-waypoint-twice', { waypoint: shared.value }, differing.span));
  }
}
