import { asArray, asObject, asText } from '../../mesh/json.js';
import type { ManifestObject } from '../../parse/document.js';
import { allowsAttachment } from '../../topology/binding.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { namespaceOf } from '../../topology/fields.js';
import { label } from '../../topology/labels.js';
import { type Cluster, isMachine, keyOf, type Workload } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import { waypointsAskedFor } from '../states/bindings.js';
import type { Target } from '../states/labels-of-state.js';
import { copiesIn, isReplaced } from './copies.js';
import { routesSideBySide } from './routes-side-by-side.js';

/** How far a namespace is, in the order of a plan. */
export const standings = [
  'not begun',
  'copies stand beside its policies',
  'policies for waypoints stand',
  'waypoints are up',
  'policies stand side by side',
  'callers come through waypoints',
  'labelled, and no pod has moved',
  'being restarted',
  'moved, and policies wait for waypoints',
  'moved, and old objects are left',
  'done',
] as const;
export type Standing = (typeof standings)[number];

/** A namespace of a dump, and what it still lacks. */
export interface NamespaceStatus {
  readonly cluster: string;
  readonly namespace: string;
  readonly standing: Standing;
  /** Workloads on the plane that is aimed at, and all that are in the mesh. */
  readonly moved: number;
  readonly workloads: number;
  readonly missing: readonly string[];
}

/** Every namespace with workloads in the mesh, by what a dump shows of it. */
export function standingsIn(
  cluster: Cluster,
  target: Target,
  leftOver: readonly ClusterObject[],
): readonly NamespaceStatus[] {
  const members = [...cluster.workloads.values()].filter(
    ({ mode, ...workload }) => !isMachine(workload) && (mode.plane === 'sidecar' || mode.plane === 'ambient'),
  );
  return sortedUnique(members.map(({ namespace }) => namespace)).map((namespace) => {
    const own = members.filter((workload) => workload.namespace === namespace);
    const there = own.filter(({ mode }) => mode.plane === target);
    const restarting = own.filter(({ mode, modeOnRestart }) => mode.plane !== target && modeOnRestart.plane === target);
    const left = leftOver.filter((each) => each.cluster === cluster.name && namespaceOf(each.object) === namespace);
    const facts = { cluster, namespace, own, there, restarting, target, leftOver: left.map(({ object }) => object) };
    const counts = { moved: there.length, workloads: own.length };
    return { cluster: cluster.name, namespace, standing: standingOf(facts), ...counts, missing: missingOf(facts) };
  });
}

interface Facts {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly own: readonly Workload[];
  readonly there: readonly Workload[];
  /** Those whose labels ask for the other plane, and whose pods have yet to start anew. */
  readonly restarting: readonly Workload[];
  readonly target: Target;
  /** What Ambit wrote and writes no more. */
  readonly leftOver: readonly ManifestObject[];
}

function standingOf(facts: Facts): Standing {
  const { own, there, restarting } = facts;
  if (there.length === own.length) return movedTo(facts);
  if (there.length > 0) return 'being restarted';
  if (restarting.length > 0) return 'labelled, and no pod has moved';
  if (facts.target === 'ambient' && bindingsIn(facts).some(({ kind }) => kind === 'bound'))
    return 'callers come through waypoints';
  const copies = copiesIn(facts.cluster, facts.namespace);
  const isReplacing = copies.some((copy) => isReplaced(copy, facts.cluster));
  if (copies.length > 0 && !isReplacing) return 'copies stand beside its policies';
  return facts.target === 'ambient' ? towardsWaypoints(facts, isReplacing) : withoutWaypoints(isReplacing);
}

function movedTo(facts: Facts): Standing {
  if (awaitedIn(facts).length > 0) return 'moved, and policies wait for waypoints';
  return leftIn(facts).length > 0 ? 'moved, and old objects are left' : 'done';
}

function withoutWaypoints(isReplacing: boolean): Standing {
  return isReplacing ? 'policies stand side by side' : 'not begun';
}

/** How far a namespace is whose callers are not sent through waypoints yet. */
function towardsWaypoints(facts: Facts, isReplacing: boolean): Standing {
  const isAwaiting = isAwaitingWaypoint(facts);
  if (waypointsFor(facts).length === 0) {
    return isAwaiting ? 'policies for waypoints stand' : withoutWaypoints(isReplacing);
  }
  return (isAwaiting ? areWaypointsLetIn(facts) : isReplacing) ? 'policies stand side by side' : 'waypoints are up';
}

/** Whether policies at the pods name a waypoint, as those of a plan do once it is there. Where there are none everybody is let in. */
function areWaypointsLetIn(facts: Facts): boolean {
  const { cluster, namespace } = facts;
  const atPods = cluster.policies.filter(
    ({ kind, namespace: home = 'default', value }) =>
      kind === 'AuthorizationPolicy' && home === namespace && asObject(value.spec)?.targetRefs === undefined,
  );
  const accounts = [...cluster.waypoints.values()].flatMap(({ namespace: home, serviceAccount }) => [
    `/ns/${home}/sa/${serviceAccount}"`,
    `"${home}/${serviceAccount}"`,
  ]);
  return (
    atPods.length === 0 ||
    atPods.some(({ value }) => accounts.some((account) => JSON.stringify(value.spec).includes(account)))
  );
}

function missingOf(facts: Facts): readonly string[] {
  const { own, there } = facts;
  const broken = bindingsIn(facts).flatMap((binding) => (binding.kind === 'broken' ? [binding.waypoint] : []));
  return [
    ...(isTorn(facts) ? ['its labels ask for sidecars too: take the injection label off'] : []),
    ...sortedUnique(broken).map((waypoint) => `waypoint \`${waypoint}\` does not serve: calls go straight to pods`),
    ...(there.length === own.length ? [...awaitedIn(facts), ...leftIn(facts)].slice(0, 1) : nextIn(facts)),
  ];
}

/** Whether labels ask for ambient and for sidecars, which come first then. */
function isTorn({ cluster, namespace, target }: Facts): boolean {
  const labels = cluster.namespaces.get(namespace)?.labels ?? {};
  const injects = labels[label.injection] === 'enabled' || labels[label.revision] !== undefined;
  return target === 'ambient' && labels[label.dataplaneMode] === 'ambient' && injects;
}

/** What comes next for a namespace whose pods have not all moved. Policies and bindings have to stand before they do. */
function nextIn(facts: Facts): readonly string[] {
  const { target } = facts;
  const plane = target === 'sidecar' ? 'sidecars' : target;
  const relabel = `label it for ${plane}`;
  const policies = `apply its policies for ${plane} beside the copies`;
  switch (standingOf(facts)) {
    case 'copies stand beside its policies':
      return [target === 'ambient' ? `${policies}, those for waypoints before these come up` : policies];
    case 'policies for waypoints stand':
      return ['bring up the waypoints that its policies are for'];
    case 'waypoints are up':
      return [
        isAwaitingWaypoint(facts)
          ? `let waypoints in at its pods, where policies allow only others there, and bind its Services to ${named(waypointsFor(facts))}`
          : `apply copies of the policies that change, then those for ambient, and then bind its Services to ${named(waypointsIn(facts))}`,
      ];
    case 'policies stand side by side':
      if (bindingsIn(facts).some(({ kind }) => kind === 'broken')) return [];
      return [waypointsFor(facts).length > 0 ? `bind its Services to ${named(waypointsFor(facts))}` : relabel];
    case 'callers come through waypoints':
      return [relabel];
    case 'labelled, and no pod has moved':
    case 'being restarted':
      return restartsIn(facts, relabel);
    default:
      return [];
  }
}

/** A sidecar reaches no waypoint (I-02). */
const inOrder: Readonly<Record<Target, string>> = {
  ambient: ', callers before those whom they call',
  sidecar: ', callers after those whom they call',
};

/** Pods come back as they were where neither their namespace nor their template asks for the other plane. */
function restartsIn(facts: Facts, relabel: string): readonly string[] {
  const { own, there, restarting, target } = facts;
  const unasked = own.filter((each) => !there.includes(each) && !restarting.includes(each));
  const unmoved = isTorn(facts)
    ? `before that restart none of ${namesOf(unasked)}, which would come back as before`
    : `${relabel}, or the templates of what is to move: ${namesOf(unasked)} would come back as before`;
  return [
    ...(restarting.length > 0 ? [`restart ${namesOf(restarting)}${restarting.length > 1 ? inOrder[target] : ''}`] : []),
    ...(unasked.length > 0 ? [unmoved] : []),
  ];
}

/**
 * What the plane that was left needed, in the order in which it goes: while calls still come through waypoints the copies decide
 * there, and the policies at the pods let waypoints in.
 */
function leftIn(facts: Facts): readonly string[] {
  const { cluster, namespace, target } = facts;
  const { labels = {} } = cluster.namespaces.get(namespace) ?? {};
  const unbinding = target === 'sidecar' ? unbindingIn(facts) : [];
  const left = distinct([
    ...copiesIn(cluster, namespace).map(({ kind, name }) => `${kind} \`${name}\``),
    ...replacedRoutesIn(facts),
    ...(target === 'sidecar' && unbinding.length === 0 ? unusedWaypointsIn(facts) : []),
    ...facts.leftOver.map(({ kind, name }) => `${kind} \`${name}\``),
  ]);
  return [
    ...unbinding,
    ...(target === 'sidecar' && labels[label.dataplaneMode] === 'ambient'
      ? [`take \`${label.dataplaneMode}\` off the namespace`]
      : []),
    ...(left.length > 0 ? [`delete ${left.join(', ')}`] : []),
  ];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function unbindingIn({ cluster, namespace }: Facts): readonly string[] {
  const bound = [...cluster.services.values()].flatMap(({ namespace: home, name, workloads, binding }) => {
    if (home !== namespace || workloads.length === 0) return [];
    if (binding.kind !== 'bound' && binding.kind !== 'broken') return [];
    return [binding.by === 'Namespace' ? 'the namespace' : `Service \`${name}\``];
  });
  return bound.length > 0 ? [`take \`${label.useWaypoint}\` off ${sortedUnique(bound).join(', ')}`] : [];
}

function namesOf(workloads: readonly Workload[]): string {
  return workloads.map(({ kind, name }) => `${kind} \`${name}\``).join(', ');
}

function bindingsIn({ cluster, namespace }: Facts) {
  return [...cluster.services.values()]
    .filter((service) => service.namespace === namespace && service.workloads.length > 0)
    .map(({ binding }) => binding);
}

function waypointsIn({ cluster, namespace }: Facts): readonly string[] {
  return [...cluster.waypoints.values()].filter((waypoint) => waypoint.namespace === namespace).map(keyOf);
}

/** What policies at waypoints still need to be read: until then calls go straight to the pods, as if there were none. */
function awaitedIn(facts: Facts): readonly string[] {
  if (facts.target !== 'ambient' || !isAwaitingWaypoint(facts)) return [];
  const waypoints = waypointsFor(facts);
  if (waypoints.length === 0) return ['bring up the waypoints that its policies are for'];
  return bindingsIn(facts).some(({ kind }) => kind === 'broken') ? [] : [`bind its Services to ${named(waypoints)}`];
}

/** Its own, or where policies speak of Services that no waypoint is asked for those of others that admit it. */
function waypointsFor(facts: Facts): readonly string[] {
  const { cluster, namespace, target } = facts;
  if (target !== 'ambient') return [];
  const own = waypointsIn(facts);
  if (own.length > 0 || !isAwaitingWaypoint(facts)) return own;
  const { labels = {} } = cluster.namespaces.get(namespace) ?? {};
  return [...cluster.waypoints.values()].filter((each) => allowsAttachment(each, namespace, labels)).map(keyOf);
}

function isAwaitingWaypoint({ cluster, namespace }: Facts): boolean {
  const named = cluster.policies
    .filter((policy) => (policy.namespace ?? 'default') === namespace)
    .flatMap(({ value }) => asArray(asObject(value.spec)?.targetRefs))
    .map((reference) => asObject(reference))
    .flatMap((reference) => (reference?.kind === 'Service' ? [asText(reference.name)] : []));
  return [...cluster.services.values()].some(
    (service) =>
      service.namespace === namespace &&
      named.includes(service.name) &&
      (service.binding.kind === 'unlabelled' || service.binding.kind === 'broken'),
  );
}

/** Those beside which routes of the other kind stand. */
function replacedRoutesIn({ cluster, namespace, target }: Facts): readonly string[] {
  return routesSideBySide(cluster, target)
    .ofPlaneLeft.filter((route) => namespaceOf(route) === namespace)
    .map(({ kind, name }) => `${kind} \`${name}\``);
}

/** Those that nothing asks for any more. */
function unusedWaypointsIn({ cluster, namespace }: Facts): readonly string[] {
  const asked = waypointsAskedFor(cluster);
  return [...cluster.waypoints.values()]
    .filter((waypoint) => waypoint.namespace === namespace && !asked.has(keyOf(waypoint)))
    .map(({ name }) => `Gateway \`${name}\``);
}

function named(waypoints: readonly string[]): string {
  return sortedUnique(waypoints)
    .map((waypoint) => `\`${waypoint}\``)
    .join(', ');
}
