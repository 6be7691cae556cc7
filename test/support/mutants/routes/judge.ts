import { planLane } from '../../../../src/algebra/lane.js';
import { isAnybodyMoved } from '../../../../src/compare/callers.js';
import { type Finding, findingsOn } from '../../../../src/compare/findings.js';
import { type States, statesOf } from '../../../../src/compare/states.js';
import { waysToGateway, waysToWorkload } from '../../../../src/compare/ways.js';
import { lintMesh } from '../../../../src/lint/lint-mesh.js';
import type { Decision } from '../../../../src/mesh/decide/decision.js';
import { decide, decideThrough } from '../../../../src/mesh/decide.js';
import { type Mesh, readMesh } from '../../../../src/mesh/mesh.js';
import { describeRequest, type Request, usualHost } from '../../../../src/mesh/request.js';
import type { JsonValue } from '../../../../src/parse/document.js';
import { infrastructure, type Topology, type Workload } from '../../../../src/topology/model.js';
import { traceOf } from '../../../../src/trace/trace.js';
import type { Emitted } from '../emitted.js';
import type { Mutant } from '../mutation.js';
import { requestsFor } from './requests.js';
import { type RouteSubject, topologyWith } from './subject.js';

/** By what a mutant is known. */
export type Fate =
  /** The sets: somebody gains access to a workload or a gateway, or loses it. */
  | 'sets'
  /** They name a fact that is missing, or was. */
  | 'doubted'
  /** A request is traced otherwise: it ends elsewhere, or as another one. */
  | 'traced'
  /** `verify -f` says something else. */
  | 'said'
  /** Nothing changes, and it says of the object that nobody reads it, or a part of it. */
  | 'unread'
  /** None of all that. */
  | 'same'
  /** The sets know nothing of a request that is decided otherwise. */
  | 'unexplained';

export interface Verdict {
  readonly fate: Fate;
  readonly because: string;
}

interface State {
  readonly topology: Topology;
  readonly mesh: Mesh;
  readonly requests: readonly Request[];
  readonly destinations: ReadonlySet<string>;
}

/** Judges mutants of one subject, each by all three answers. */
export function judgeOf(subject: RouteSubject, limit: number): (mutant: Mutant) => Verdict {
  const before = stateOf(subject, subject.routing);
  const said = saidOf(before);
  const unread = unreadFiles(before);
  return ({ files }) => {
    const after = stateOf(subject, files);
    const states = statesBetween(before, after);
    const findings = changesBetween(states);
    const trials = trialsOf(before, after, limit);
    const missed = trials.find(
      (trial) => isOfALane(trial) && isOtherVerdict(trial) && !isLeftOpen(states, trial.request),
    );
    if (findings.length === 0 && missed !== undefined) return { fate: 'unexplained', because: describeTrial(missed) };
    const altered = findings.find(({ kind }) => kind === 'gained' || kind === 'lost');
    if (altered !== undefined) return { fate: 'sets', because: '' };
    if (findings.length > 0) return { fate: 'doubted', because: '' };
    if (trials.some(isOtherTrace)) return { fate: 'traced', because: '' };
    if (said !== saidOf(after)) return { fate: 'said', because: '' };
    const [changed] = subject.routing.filter((each) => !files.includes(each));
    return { fate: changed !== undefined && unread.has(changed.path) ? 'unread' : 'same', because: '' };
  };
}

/** What `verify -f` says of objects that nobody reads, or of which a part is left out or hidden by another. */
const leftOut: ReadonlySet<string> = new Set([
  'AMB5350',
  'AMB5351',
  'AMB5352',
  'AMB5391',
  'AMB5392',
  'AMB5393',
  'AMB5395',
  'AMB5399',
  'AMB5400',
  'AMB5401',
  'AMB5402',
  'AMB5403',
  'AMB5408',
  'AMB5409',
  'AMB5430',
  'AMB5435',
  'AMB5437',
  'AMB5438',
]);

function unreadFiles({ topology }: State): ReadonlySet<string> {
  const told = lintMesh(topology).diagnostics.filter(({ code }) => leftOut.has(code));
  return new Set(
    told.flatMap(({ span, notes }) =>
      [span, ...notes.map((note) => note.span)].flatMap((each) => each?.file.path ?? []),
    ),
  );
}

function stateOf(subject: RouteSubject, routing: readonly Emitted[]): State {
  const topology = topologyWith(subject, routing);
  const objects = [
    ...subject.others.map(({ object }) => object.value as JsonValue),
    ...routing.map(({ value }) => value),
  ];
  const requests = requestsFor(topology, objects);
  const destinations = new Set(requests.map(({ destination }) => JSON.stringify(destination)));
  return { topology, mesh: readMesh(topology).value, requests, destinations };
}

/** What is said, whichever number a rule has. */
function saidOf({ topology }: State): string {
  const told = lintMesh(topology).diagnostics.map(({ code, message, witness, notes }) =>
    [code, message, witness, ...notes.map(({ message: note }) => note)].join('\n'),
  );
  return told.map(withoutNumbers).sort().join('\n');
}

function withoutNumbers(text: string): string {
  return text.replace(/\brules? \d+\b/g, 'a rule');
}

function statesBetween(before: State, after: State): States {
  const isMoved = isAnybodyMoved(before.topology, after.topology);
  return statesOf({ before: before.topology, after: after.mesh }, isMoved);
}

/** Who gains access, and who loses it, to everybody who is there before or afterwards. */
function changesBetween(states: States): readonly Finding[] {
  const clusters = [states.before, states.after].map(({ mesh }) => mesh.topology.clusters);
  const workloads = (clusters[1] ?? []).flatMap((cluster) => [...cluster.workloads.values()]);
  const gateways = clusters.flat().flatMap((cluster) => [...cluster.gateways.values()]);
  const ways = (workload: Workload) => waysToWorkload(states.before, states.after, workload, () => false);
  return [
    ...workloads
      .filter(({ mode }) => !infrastructure.has(mode.plane))
      .flatMap((workload) => findingsOn(states, ways(workload))),
    ...gateways.flatMap((gateway) => findingsOn(states, waysToGateway(states.before, states.after, gateway))),
  ];
}

/** Whether sets know of some requests on the same way that they do not know what becomes of them. */
function isLeftOpen(states: States, { destination, payload }: Request): boolean {
  return [states.before, states.after].some(({ mesh, pool }) =>
    planLane(mesh, pool.scouts(destination.cluster), { destination, payload: payload.kind }).ways.some(
      ({ stop }) => stop?.kind === 'not-modelled',
    ),
  );
}

interface Trial {
  readonly request: Request;
  readonly before: State;
  readonly after: State;
}

/** Evenly spread over all that either state mentions. */
function trialsOf(before: State, after: State, limit: number): readonly Trial[] {
  const all = [before, after].flatMap(({ requests: each }) => each);
  const requests = [...new Map(all.map((request) => [JSON.stringify(request), request])).values()];
  const step = requests.length <= limit ? 1 : Math.ceil(requests.length / limit) | 1;
  return requests.filter((_, index) => index % step === 0).map((request) => ({ request, before, after }));
}

function isOtherVerdict({ request, before, after }: Trial): boolean {
  const [was, is] = [before, after].map(({ mesh }) => decide(mesh, request).verdict.kind);
  return was !== is && was !== 'not-modelled' && is !== 'not-modelled';
}

/**
 * With the Host of something else a sidecar sends a request there, and sets look at it where it arrives. At a gateway they
 * ask for the names that its listeners serve, and of hosts outside they ask nothing.
 */
function isOfALane({ request: { payload, destination }, before, after }: Trial): boolean {
  if (![before, after].every(({ destinations }) => destinations.has(JSON.stringify(destination)))) return false;
  if (destination.kind === 'external') return false;
  if (payload.kind === 'tcp') return true;
  const isUsual = payload.host === usualHost(destination);
  return destination.kind === 'gateway' ? !isUsual : isUsual;
}

function isOtherTrace({ request, before, after }: Trial): boolean {
  const [was, is] = [before, after].map(({ mesh }) => decideThrough(mesh, request).map((each) => toldOf(mesh, each)));
  return JSON.stringify(was) !== JSON.stringify(is);
}

/** A trace without the places and names of rules. */
function toldOf(mesh: Mesh, decision: Decision): unknown {
  const { verdict, seen, hops, drawn } = traceOf(mesh, decision);
  const ends = (decision.ways ?? []).map(({ end }) => (end.kind === 'pods' ? end.workloads : end.kind));
  return [
    verdict,
    seen,
    drawn,
    ends,
    decision.onward?.destination,
    hops.map(({ kind, outcome, reads, sees, policies }) => [
      kind,
      outcome,
      reads,
      sees,
      policies.map(({ name, matched }) => [name, matched]),
    ]),
  ];
}

function describeTrial({ request, before, after }: Trial): string {
  const [was, is] = [before, after].map(({ mesh }) => decide(mesh, request));
  return `${describeRequest(request)} was ${was?.verdict.kind} (${was?.because}), is ${is?.verdict.kind} (${is?.because})`;
}
