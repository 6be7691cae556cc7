import { type Diagnostic, hasErrors, identityOf, type Result } from '../../diagnostics/diagnostic.js';
import { isDoubt } from '../../diagnostics/doubts.js';
import type { ManifestObject } from '../../parse/document.js';
import { compile, type Deployment, type Reshape, type Source, type VerifyResult, verify } from '../../pipeline.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { namespaceOf } from '../../topology/fields.js';
import { label } from '../../topology/labels.js';
import { keyInMesh, type Topology } from '../../topology/model.js';
import { newMemory, withinRun } from '../../util/memory.js';
import { unboundLabels } from '../states/bindings.js';
import { sourceOf, type Target, withLabels } from '../states/labels-of-state.js';
import { deploymentAt } from '../states/moment.js';
import { copiedIn, copyEnding, decidedAtWaypoints } from './copies.js';
import { lackingIn, writtenByTwo } from './doubts-of-dump.js';
import { leftOverIn } from './left-over.js';
import { type RoutesSideBySide, routesSideBySide } from './routes-side-by-side.js';
import { type NamespaceStatus, standingsIn } from './standing.js';

/** Where a mesh stands, and what would come of going on or back with each namespace that is on its way. */
export interface MigrationStatus {
  readonly target: Target;
  readonly namespaces: readonly JudgedNamespace[];
  /** What is otherwise now than the intents say or, without intents, than the policies seem to say. */
  readonly findings: readonly Diagnostic[];
  readonly hasIntents: boolean;
}

export interface JudgedNamespace extends NamespaceStatus {
  /**
   * What would be found that is not found now with all its pods restarted or, once they are, with what is left taken away;
   * `undefined` where it is not on its way.
   */
  readonly on: readonly Diagnostic[] | undefined;
  /** Likewise with all its pods restarted on the plane that they left. */
  readonly back: readonly Diagnostic[] | undefined;
}

export interface StatusOptions {
  readonly target: Target;
  readonly today: string | undefined;
}

/** Reads a dump, with intents or without, and says how far each namespace is. */
export function statusOf(
  sources: readonly Source[],
  { target, today }: StatusOptions,
): Result<MigrationStatus | undefined> {
  const memory = newMemory();
  const now = verify(sources, { today, memory });
  const { topology, objects } = now;
  if (topology === undefined) return { value: undefined, diagnostics: now.diagnostics };
  const hasIntents = now.proof !== undefined;
  const copied = new Set(topology.clusters.flatMap(copiedIn));
  const foundBy = (state: VerifyResult) => {
    const decided = new Set(state.topology?.clusters.flatMap(decidedAtWaypoints));
    return state.diagnostics.filter(
      (each) => isFinding(each) && !isAwaitingCallers(each, copied) && !isDecidedBefore(each, decided),
    );
  };
  const found = foundBy(now);
  const known = new Set(found.map(identityOf));
  const foundIn = (reshape: Reshape) => foundBy(verify(sources, { today, reshape, memory }));
  const newIn = (reshape: Reshape) => foundIn(reshape).filter((each) => !known.has(identityOf(each)));
  const routes = new Map(topology.clusters.map((cluster) => [cluster.name, routesSideBySide(cluster, target)]));
  const findings = [...routes.values()].every(({ ofPlaneLeft }) => ofPlaneLeft.length === 0)
    ? found
    : whicheverIsRead(
        found,
        (['ofPlaneLeft', 'ofTarget'] as const).flatMap((side) => foundIn((each) => withoutRoutes(each, routes, side))),
      );
  const written = hasIntents ? compile(sources, { today, memory: withinRun(memory), verify: false }) : undefined;
  const isWritten = written !== undefined && !hasErrors(written.diagnostics);
  const leftOver = isWritten ? leftOverIn(written.files, objects) : [];
  const back = sourceOf(target);
  const namespaces = topology.clusters
    .flatMap((cluster) => standingsIn(cluster, target, leftOver))
    .map((namespace): JudgedNamespace => {
      if (atRest.has(namespace.standing)) return { ...namespace, on: undefined, back: undefined };
      const restarted = (direction: Target) => newIn((each) => afterRestart(each, topology, namespace, direction));
      const goingOn = () => {
        if (namespace.standing === 'moved, and policies wait for waypoints') return undefined;
        if (namespace.moved < namespace.workloads) return restarted(target);
        return newIn((each) => afterCleanup(withoutRoutes(each, routes, 'ofPlaneLeft'), namespace, target, leftOver));
      };
      const on = goingOn();
      const missing =
        on !== undefined && on.length > 0 ? [...firstIn(namespace, target), ...namespace.missing] : namespace.missing;
      return { ...namespace, missing, on, back: namespace.moved > 0 ? restarted(back) : undefined };
    });
  const given = objects.map(({ object }) => object);
  return {
    value: { target, namespaces, findings, hasIntents },
    diagnostics: [...lackingIn(given), ...writtenByTwo(given), ...now.diagnostics.filter((each) => isOfInput(each))],
  };
}

/**
 * Which of the routes of a Service is read need not be known: a request is routed by one of them, so a doubt that neither leaves is none,
 * and what either does otherwise is found.
 */
function whicheverIsRead(found: readonly Diagnostic[], byEither: readonly Diagnostic[]): readonly Diagnostic[] {
  const still = new Set(byEither.map(identityOf));
  const all = [...found.filter((each) => !isDoubt(each) || still.has(identityOf(each))), ...byEither];
  return [...new Map(all.map((each) => [identityOf(each), each])).values()];
}

function withoutRoutes(
  { mesh, objects }: Deployment,
  routes: ReadonlyMap<string, RoutesSideBySide>,
  side: keyof RoutesSideBySide,
): Deployment {
  const gone = new Set(
    [...routes].flatMap(([cluster, each]) => each[side].map((route) => `${cluster} ${nameOf(route)}`)),
  );
  return { mesh, objects: objects.filter(({ cluster, object }) => !gone.has(`${cluster} ${nameOf(object)}`)) };
}

function nameOf(object: ManifestObject): string {
  return [object.kind, namespaceOf(object), object.name].join(' ');
}

/** What going on is not safe without. Guards may wait for the last restart, and until they stand copies decide. */
function firstIn({ standing, moved, workloads }: NamespaceStatus, target: Target): readonly string[] {
  if (moved === workloads) return [`apply the last policies of ${target}: what is left over still decides`];
  const [plane, rest] = target === 'ambient' ? ['ambient', ' and bind its Services to waypoints'] : ['sidecars', ''];
  return standing === 'being restarted' ? [`apply its policies for ${plane}${rest} before more is restarted`] : [];
}

const atRest: ReadonlySet<NamespaceStatus['standing']> = new Set<NamespaceStatus['standing']>(['not begun', 'done']);

function isFinding({ code }: Diagnostic): boolean {
  return /^AMB5[0-4]/.test(code);
}

/** Rules at a waypoint whose callers still go past it: meanwhile a copy of them decides at the pods. */
function isAwaitingCallers({ name, parameters }: Diagnostic, copied: ReadonlySet<string>): boolean {
  return name === 'rule-out-of-reach' && copied.has(String(parameters.policy));
}

/** A rule that ztunnel does not see, and the waypoint before it does. */
function isDecidedBefore({ name, parameters }: Diagnostic, decided: ReadonlySet<string>): boolean {
  return name === 'allow-rule-lost-at-ztunnel' && decided.has(String(parameters.policy));
}

/** What is wrong with the input itself is an error of its own. */
function isOfInput(each: Diagnostic): boolean {
  return hasErrors([each]) && !isFinding(each);
}

/** The mesh once every pod of a namespace has started anew, as the labels of the one direction or the other would have it. */
function afterRestart(deployment: Deployment, topology: Topology, at: NamespaceStatus, target: Target): Deployment {
  const own = topology.clusters
    .filter(({ name }) => name === at.cluster)
    .flatMap(({ workloads }) => [...workloads.values()])
    .filter(
      ({ namespace, mode }) => namespace === at.namespace && (mode.plane === 'sidecar' || mode.plane === 'ambient'),
    )
    .map(keyInMesh);
  const labelled = new Set([`${at.cluster}/${at.namespace}`]);
  const moving = new Set(own);
  return {
    ...deploymentAt(deployment, topology, {
      ...{ target, asking: 'namespaces', labelled, settled: labelled, moving, moved: moving, unbound: new Set() },
    }),
    mesh: deployment.mesh,
  };
}

/** The mesh without what a namespace has left over: copies and, on the way back, what binds it to waypoints and to ambient. */
function afterCleanup(
  { mesh, objects }: Deployment,
  at: NamespaceStatus,
  target: Target,
  leftOver: readonly ClusterObject[],
): Deployment {
  const left = new Set(leftOver.map(({ object }) => nameOf(object)));
  const isOwn = ({ cluster, object }: Deployment['objects'][number]) =>
    cluster === at.cluster && (object.kind === 'Namespace' ? object.name : namespaceOf(object)) === at.namespace;
  const isLeft = ({ object }: ClusterObject) => object.name.endsWith(copyEnding) || left.has(nameOf(object));
  const kept = objects.filter((each) => !(isOwn(each) && isLeft(each)));
  if (target === 'ambient') return { mesh, objects: kept };
  const leaving = new Set(['Namespace', 'Service']);
  const unlabelled = { ...unboundLabels, [label.dataplaneMode]: undefined };
  return {
    mesh,
    objects: kept.map((each) =>
      isOwn(each) && leaving.has(each.object.kind)
        ? { ...each, object: withLabels(each.object, [], unlabelled) }
        : each,
    ),
  };
}
