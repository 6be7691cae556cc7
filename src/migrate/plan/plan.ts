import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { hasErrors, identityOf } from '../../diagnostics/diagnostic.js';
import { objectsAfterApply } from '../../mesh/applied.js';
import { readMesh } from '../../mesh/mesh.js';
import {
  type CompileResult,
  compile,
  type Deployment,
  type OutputFile,
  type Reshape,
  type Source,
} from '../../pipeline.js';
import { readTopology } from '../../topology/build-topology.js';
import { isMachine, keyInMesh, type Topology } from '../../topology/model.js';
import { assert } from '../../util/assert.js';
import { newMemory, type Recall } from '../../util/memory.js';
import { once, oncePer } from '../../util/once.js';
import { sortBy, sortedUnique } from '../../util/order.js';
import { askingOf, isMeant } from '../blockers/context.js';
import { findBlockers } from '../blockers/find-blockers.js';
import { sourceOf, type Target } from '../states/labels-of-state.js';
import { atEnd, contentOf, deploymentAt, type Moment, start, steady, unbinding } from '../states/moment.js';
import { withAges } from './ages.js';
import { callGraph } from './call-graph.js';
import type { DecidingWaypoint } from './exempt-waypoints.js';
import { type Gap, gapsOf, gapsOnTheWayBack, type JudgedState } from './gaps.js';
import { boundAmong, leftBehind } from './left-behind.js';
import type { Phase, State } from './phase.js';
import { findingsIn, startingFrom } from './prove-state.js';
import { restartGroups } from './restart-groups.js';
import { restingMoments } from './resting-moments.js';
import { sayingWhatUndoesGateways } from './undone-gateways.js';
import { wavePhases } from './wave/wave-phases.js';
import { type Wave, wavesOf } from './waves.js';
import { leftWaypoints } from './waypoints-of-others.js';

export interface PlanOptions {
  readonly target: Target;
  /** None: the whole mesh. */
  readonly namespaces: readonly string[];
  /** Single workloads as `namespace/name`, which are moved without their namespaces. None: whole namespaces. */
  readonly workloads?: readonly string[];
  readonly today: string | undefined;
  /** What is made of the deployment before anything moves: where intents have been imported, what they stand for is gone. */
  readonly reshape?: Reshape;
}

/** Everything that is done, in order, and what is not as it should be on the way. */
export interface MigrationPlan {
  readonly target: Target;
  readonly clusters: readonly string[];
  readonly waves: readonly Wave[];
  readonly phases: readonly Phase[];
  readonly gaps: readonly Gap[];
  /** What manifests say beside the intents and the other plane would not do, which no state is proved for. */
  readonly blockers: readonly Diagnostic[];
  /** What has to be done before the plan begins, and is no reason to have no plan. */
  readonly prerequisites: readonly Diagnostic[];
  /** How many states were proved. */
  readonly states: number;
  readonly before: CompileResult;
  readonly after: CompileResult;
}

/** Plans the move of a project's namespaces to another plane, and proves every state that it leads through. */
export function makePlan(sources: readonly Source[], options: PlanOptions): Result<MigrationPlan | undefined> {
  const memory = newMemory();
  const { today } = options;
  const prepared = steady(options.reshape ?? asGiven);
  const compiled = (reshape: Reshape, lint: boolean) =>
    compile(sources, { today, memory, reshape, verify: false, lint });
  // What lints say is told of the beginning, and of what is refused.
  const given = compiled(prepared, false);
  const { topology } = given;
  if (topology === undefined || hasErrors(given.diagnostics))
    return { value: undefined, diagnostics: compiled(prepared, true).diagnostics };
  if (given.intents === undefined || given.intents.length === 0) {
    return { value: undefined, diagnostics: [diagnostic('migration-without-intents', {}, null)] };
  }
  const moving = movingIn(topology, options);
  const none = start(options.target, askingOf(options), moving);
  const reshapeAt = (moment: Moment) => (deployment: Deployment) =>
    deploymentAt(prepared(deployment), topology, moment);
  const compileAt = oncePer((moment: Moment) => compiled(reshapeAt(moment), moment.moved.size === 0), contentOf);
  const bound = boundAmong(topology, options, moving);
  const ended = unbinding(atEnd(none), bound);
  const refused = (moment: Moment) => {
    const { diagnostics } = compiled(reshapeAt(moment), true);
    const inTheWay = standingInTheWay(given, topology, [], options, memory.recall);
    const told = diagnostics.map(laterOn(moment.moved, compiled(prepared, true)));
    return { value: undefined, diagnostics: sayingWhatUndoesGateways(told, inTheWay) };
  };
  const all = compileAt(ended);
  if (all.ir === undefined) return refused(ended);
  const graph = callGraph(options.target === 'ambient' ? all.ir : (given.ir ?? all.ir), moving);
  const waves = [...leftBehind(topology, options, bound), ...wavesOf(moving, graph, options.target)];

  const workloads = new Map(
    topology.clusters.flatMap((cluster) => [...cluster.workloads.values()].map((each) => [keyInMesh(each), each])),
  );
  const labels = new Map(
    topology.clusters.flatMap(({ name, namespaces }) =>
      [...namespaces.values()].map((each) => [`${name}/${each.name}`, each.labels]),
    ),
  );
  const revisions = new Map(topology.clusters.map(({ name, settings }) => [name, settings.istio.revision]));
  const phases: Phase[] = [];
  const judged: JudgedState[] = [];
  const returned: JudgedState[] = [];
  const steps = restingMoments(waves, none, bound);
  // Each resting state is nearly the one that was compiled before it, and the first is known when its own states are proved.
  const resting = [none, ...steps.map(({ next }) => next)].reverse().map(compileAt).reverse();
  const [first = given, ...others] = resting;
  const beginning: State = { title: 'nothing has moved', moment: none, applied: withAges(first.files, first.files) };
  const { resolved } = first;
  if (hasErrors(first.diagnostics) || resolved === undefined) {
    return { value: undefined, diagnostics: first.diagnostics };
  }
  const project = { sources, memory, topology, resolved, today, reshape: prepared };
  const starting = once(() => startingFrom(project, beginning));
  const findingsAt = (state: State) =>
    state === beginning ? starting().atStart : findingsIn(starting().subject, state);
  for (const [index, { wave, from, next, leaving }] of steps.entries()) {
    const [before, after] = [resting[index] ?? first, others[index] ?? first];
    if (hasErrors(after.diagnostics)) return refused(next);
    const workloadOf = (key: string) => {
      const workload = workloads.get(key);
      assert(workload !== undefined, `${key} is a workload that moves`);
      return workload;
    };
    const labelsOf = (namespace: string) => labels.get(namespace) ?? {};
    const revisionOf = (cluster: string) => revisions.get(cluster) ?? 'default';
    for (const { slug, ...step } of wavePhases({
      wave,
      from,
      before,
      after,
      waypoints: decidingIn([before, after], topology),
      leaving,
      leftWaypoints: leftWaypoints(before, after),
      restartGroups: restartGroups([before, after]),
      workloadOf,
      labelsOf,
      revisionOf,
    })) {
      const named = { ...step, name: `${String(phases.length + 1).padStart(2, '0')}-${slug}` };
      const phase = phases.length === 0 ? leadingBackTo(beginning, named) : named;
      phases.push(phase);
      const findings = new Map(byNearness(phase).map((state) => [state, findingsAt(state)]));
      const judgement = (state: State): JudgedState => ({ phase, state, findings: findings.get(state) ?? [] });
      judged.push(...phase.states.map(judgement));
      returned.push(...phase.rollback.states.map(judgement));
    }
  }
  const diagnostics: readonly Diagnostic[] = given.diagnostics.filter(({ severity }) => severity === 'error');
  const found = standingInTheWay(given, topology, first.files, options, memory.recall);
  const atStart = phases.length === 0 ? [] : starting().atStart;
  const value = {
    target: options.target,
    clusters: topology.clusters.map(({ name }) => name),
    waves,
    phases,
    gaps: [...gapsOf(judged, atStart), ...gapsOnTheWayBack(returned, judged, atStart)],
    blockers: found.filter((each) => !isPrerequisite(each)),
    prerequisites: found.filter(isPrerequisite),
    states: judged.length + returned.length,
    before: first,
    after: resting.at(-1) ?? first,
  };
  return { value, diagnostics };
}

/**
 * The states of a phase, each near to the one before it: of what is alike in both nothing need be found anew. What a phase is taken
 * back through is nearer to its beginning than its own states, and where few have moved is nearer to it than where many have.
 */
function byNearness({ states, rollback }: Phase): readonly State[] {
  return [...rollback.states, ...sortBy(states, ({ moment }) => moment.moved.size)];
}

/** To the state that the first phase begins with no other leads. */
function leadingBackTo(state: State, phase: Phase): Phase {
  const { rollback } = phase;
  return { ...phase, rollback: { ...rollback, states: [...rollback.states, state] } };
}

/** What is found of a mesh that is not there yet says so, unless the same is found of the one that is. */
function laterOn(moved: ReadonlySet<string>, given: CompileResult): (found: Diagnostic) => Diagnostic {
  const known = new Set(given.diagnostics.map(identityOf));
  const [first = '', ...others] = sortedUnique(moved).map((key) => key.slice(key.indexOf('/') + 1));
  const who = others.length === 0 ? `\`${first}\` has` : `\`${first}\` and ${others.length} more have`;
  const note = { message: `that is so once ${who} moved` };
  return (found) => (known.has(identityOf(found)) ? found : { ...found, notes: [note, ...found.notes] });
}

function asGiven(deployment: Deployment): Deployment {
  return deployment;
}

function isPrerequisite({ code }: Diagnostic): boolean {
  return code === 'AMB7124' || code === 'AMB7126';
}

/** On the way back calls come through the waypoints that are applied; on the way there none is needed yet. */
function standingInTheWay(
  given: CompileResult,
  topology: Topology,
  applied: readonly OutputFile[],
  options: PlanOptions,
  recall: Recall,
): readonly Diagnostic[] {
  const { target } = options;
  const objects =
    target === 'ambient' ? given.objects : objectsAfterApply(given.objects, applied, undefined, recall).value;
  const mesh = readMesh(target === 'ambient' ? topology : readTopology(topology.mesh, objects, recall), recall).value;
  const { diagnostics } = findBlockers(mesh, objects, options, target, recall);
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** The workloads that are meant which are on the other plane. */
function movingIn({ clusters }: Topology, { target, ...scope }: PlanOptions): ReadonlySet<string> {
  const from = sourceOf(target);
  const all = clusters.flatMap(({ workloads }) => [...workloads.values()]);
  return new Set(
    all.filter((each) => each.mode.plane === from && !isMachine(each) && isMeant(each, scope)).map(keyInMesh),
  );
}

/** On the way a call may come through a waypoint of either state. */
function decidingIn(results: readonly CompileResult[], { clusters }: Topology): readonly DecidingWaypoint[] {
  const trustDomains = sortedUnique(
    clusters.flatMap(({ settings }) => [settings.trustDomain, ...settings.trustDomainAliases]),
  );
  const all = results
    .flatMap(({ ir }) => ir?.destinations ?? [])
    .flatMap(({ destination, waypoint }) => {
      if (waypoint === undefined) return [];
      const { cluster, namespace, serviceAccount } = waypoint;
      return [
        { cluster, behind: destination.namespace, serviceAccount: `${namespace}/${serviceAccount}`, trustDomains },
      ];
    });
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
