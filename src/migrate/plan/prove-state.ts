import { type Diagnostic, identityOf } from '../../diagnostics/diagnostic.js';
import { isDoubt } from '../../diagnostics/doubts.js';
import { type Mesh, readMesh } from '../../mesh/mesh.js';
import { type Deployment, type Reshape, type Source, verify } from '../../pipeline.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import type { Topology } from '../../topology/model.js';
import { type Memory, withinRun } from '../../util/memory.js';
import { oncePerObject } from '../../util/once.js';
import { deploymentAt } from '../states/moment.js';
import type { State } from './phase.js';

/** What is migrated: a project, and its mesh as it is. */
export interface Subject {
  readonly sources: readonly Source[];
  /** What was found of states before, for what is the same in this one. */
  readonly memory: Memory;
  readonly topology: Topology;
  /** What the intents say of it. */
  readonly resolved: Resolved;
  /** What is made of the deployment before anything moves. */
  readonly reshape: Reshape;
  readonly today: string | undefined;
  /** The mesh before anything moves, where policies by hand refuse something in it that intents allow. */
  readonly earlier?: Mesh | undefined;
}

/** What a state does otherwise than the intents say: each finding with the request that shows it. */
export function findingsIn(subject: Subject, state: State): readonly Diagnostic[] {
  return judge(subject, state).findings;
}

/** The state before all others, and the subject by which these are judged: what is so in it already is told apart. */
export function startingFrom(
  subject: Subject,
  state: State,
): { readonly atStart: readonly Diagnostic[]; readonly subject: Subject } {
  const { findings, topology } = judge(subject, state);
  const atStart = findings.map((each) => (each.about === undefined ? each : { ...each, wasSo: true as const }));
  if (topology === undefined || !atStart.some(({ wasSo }) => wasSo)) return { atStart, subject };
  return { atStart, subject: { ...subject, earlier: readMesh(topology, subject.memory.recall).value } };
}

interface Judgement {
  readonly findings: readonly Diagnostic[];
  readonly topology: Topology | undefined;
}

function judge(subject: Subject, { moment, applied }: State): Judgement {
  const { sources, memory, topology, resolved, today, earlier } = subject;
  const reshape = (deployment: Deployment) => deploymentAt(subject.reshape(deployment), topology, moment);
  const given = { today, memory: withinRun(memory), reshape, applied, earlier };
  const { diagnostics, topology: judged } = verify(sources, { ...given, resolved });
  const findings = diagnostics.filter(isOfState);
  const joined = joinedSince(resolved.topology, judged);
  // Of who was outside the mesh the intents of the mesh did not speak when their names were bound.
  const further = joined.size === 0 ? [] : verify(sources, given).diagnostics.filter(isAbout(joined));
  // Also a state with findings is behind us.
  memory.endRun();
  return { findings: [...findings, ...notAmong(findings, further)], topology: judged };
}

/** Workloads that are in the mesh and were outside, by `namespace/name`: a label on a namespace takes in all that stands there. */
function joinedSince(before: Topology, after: Topology | undefined): ReadonlySet<string> {
  const clusters = new Map(after?.clusters.map(({ name, workloads }) => [name, workloads]));
  const isInside = ({ cluster, key }: Outsider) => (clusters.get(cluster)?.get(key)?.mode.plane ?? 'none') !== 'none';
  return new Set(
    outsidersIn(before)
      .filter(isInside)
      .map(({ key }) => key),
  );
}

interface Outsider {
  readonly cluster: string;
  /** Of the workload in its cluster. */
  readonly key: string;
}

/** Workloads outside the mesh. */
const outsidersIn = oncePerObject(({ clusters }: Topology): readonly Outsider[] =>
  clusters.flatMap(({ name: cluster, workloads }) =>
    [...workloads].flatMap(([key, { mode }]) => (mode.plane === 'none' ? [{ cluster, key }] : [])),
  ),
);

function isAbout(workloads: ReadonlySet<string>): (found: Diagnostic) => boolean {
  return (found) => isOfState(found) && (isDoubt(found) || workloads.has(String(found.parameters.workload)));
}

function notAmong(known: readonly Diagnostic[], found: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set(known.map(identityOf));
  return found.filter((each) => !told.has(identityOf(each)));
}

/** Whether a diagnostic says that a state is not as it should be, or may not be. */
export function isOfState(found: Diagnostic): boolean {
  return found.severity === 'error' || isDoubt(found) || found.name === 'existing-policy-refuses';
}
