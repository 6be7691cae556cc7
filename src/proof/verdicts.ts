import { type ComparablePool, poolOfKinds } from '../algebra/caller-pool.js';
import type { CallerClass } from '../algebra/callers.js';
import { keyInMesh } from '../topology/model.js';
import { assert } from '../util/assert.js';
import type { Recall } from '../util/memory.js';
import { oncePer } from '../util/once.js';
import { groupBy } from '../util/order.js';
import type { Progress } from '../util/progress.js';
import type { MeshParts } from './mesh-parts.js';
import type { ProofContext } from './prove-lane.js';
import { type Finding, proveWorkload, type WorkloadProof } from './prove-workload.js';
import { type Alike, keyOfSeen, routesTo, type Seen, scopedCallers, seenAt, subjectKey } from './subject-key.js';
import { type Subject, type SubjectsIn, subjectsIn } from './subjects.js';
import { numbered } from './template.js';

/** The proofs of the workloads of a namespace, together. */
export interface ProofsIn extends WorkloadProof {
  readonly workloads: number;
}

interface Proving {
  readonly context: ProofContext & { readonly pool: ComparablePool };
  readonly parts: MeshParts;
  /** Whether one proof may stand for all workloads that differ in names alone. */
  readonly groups: boolean;
  readonly recall: Recall;
  readonly progress: Progress;
  /** How many namespaces are asked about in all. */
  readonly total: number;
}

/**
 * Proves workloads, and anew only those of which nothing is known: one proof stands for all workloads of one key, also in
 * another run, and neither a namespace nor a cluster is asked while what decides about all of its workloads is the same.
 */
export function proverOf(proving: Proving): (subjects: readonly SubjectsIn[]) => readonly ProofsIn[] {
  const { context, parts, groups, recall, progress, total } = proving;
  const numberOf = recall('numbers of texts', '', [parts.environment], numbered);
  const scopedIn = scopedCallers(context.pool, recall);
  const alike: Alike = { ...context, numberOf, scopedIn, nearTo: parts.nearTo, recall };
  const proofs = workloadProofs(proving, alike);
  let asked = 0;
  const proofsIn = (subjects: SubjectsIn): ProofsIn => {
    progress('proving workloads', asked++, total);
    const of = placeOf(subjects);
    const met = groups ? meetingsIn(alike, parts, subjects) : undefined;
    if (met !== undefined) {
      const { seen, callers } = met;
      return foundAgain(alike, of, [seen, callers, ...subjects.demands], isOfWorkloadsAlone, () =>
        inAll(subjectsIn(subjects).map((each, index) => proofs.ofSeen(each, memberOf(seen, index)))),
      );
    }
    const keyOf = (subject: Subject) => (groups ? subjectKey(alike, subject) : undefined);
    return foundAgain(alike, of, parts.readWithin(subjects), isOfWorkloadsAlone, () =>
      inAll(subjectsIn(subjects).map((each) => proofs.byKey(each, keyOf(each)))),
    );
  };
  return (subjects) =>
    [...groupBy(subjects, ({ at }) => at.cluster.name)].flatMap(([cluster, own]) =>
      foundAgain(
        alike,
        cluster,
        parts.readThroughout(cluster, own),
        (found) => found.every(isOfWorkloadsAlone),
        () => own.map(proofsIn),
      ),
    );
}

/** What an earlier run found, unless that says more than of whom it is: it may be said of another one of all that are alike. */
function foundAgain<T>(
  { recall, numberOf }: Alike,
  of: string,
  inputs: readonly unknown[],
  isLasting: (found: T) => boolean,
  find: () => T,
): T {
  let now: { readonly found: T } | undefined;
  const last = recall('verdicts in', of, [numberOf, ...inputs], () => {
    now = { found: find() };
    return now.found;
  });
  return now !== undefined || isLasting(last) ? last : find();
}

/** What is seen at the workloads of a namespace, and which callers it tells apart there. */
interface Meetings {
  /** One object for as long as the same is seen; likewise below. */
  readonly seen: readonly Seen[];
  readonly callers: readonly unknown[];
}

/** `undefined` where a workload has no key: it may depend on whoever stands and calls. */
function meetingsIn(alike: Alike, parts: MeshParts, subjects: SubjectsIn): Meetings | undefined {
  const { pool, recall } = alike;
  const { name } = subjects.at.cluster;
  const place = placeOf(subjects);
  const asked = oncePer((subject: Subject) => ({ routes: routesTo(alike, subject) }));
  const askedAbout = (subject: Subject) => asked(subject).routes?.join('\n\n');
  const near = [...parts.nearWithin(subjects, askedAbout), alike.scopedIn(name)];
  const seen = recall('what is seen in', place, near, () =>
    all(subjectsIn(subjects).map((each) => seenAt(alike, each, asked(each).routes))),
  );
  if (seen === undefined) return undefined;
  const callers = recall('callers told apart in', place, [pool, seen], () => {
    const told = seen.flatMap((each) => callersMeeting(pool, name, each));
    return recall('what is told of callers in', place, told, () => told);
  });
  return { seen, callers };
}

/** Routes may tell more of a caller than policies do, so there it is itself. */
function callersMeeting(pool: ComparablePool, cluster: string, { mentions, isRouted }: Seen): readonly unknown[] {
  return isRouted ? pool.representatives(cluster, mentions) : pool.toldApart(cluster, mentions);
}

/** What was found out of one workload, once somebody has asked. */
interface Verdict {
  proof?: WorkloadProof;
}

/** What is told of callers of whom nothing was found at a workload, on so many ways to it. */
interface Cleared {
  readonly told: ReadonlySet<unknown>;
  readonly lanes: number;
}

interface WorkloadProofs {
  byKey(subject: Subject, key: string | undefined): WorkloadProof;
  ofSeen(subject: Subject, seen: Seen): WorkloadProof;
}

function workloadProofs({ context, parts, recall }: Proving, alike: Alike): WorkloadProofs {
  const { pool, numberOf } = alike;
  const proved = new Map<string, WorkloadProof>();
  const lasting = recall(
    'proofs of all that are alike',
    '',
    [parts.environment],
    () => new Map<string, WorkloadProof>(),
  );
  /** Asked once, while whatever may decide about the workload is the same. */
  const alone = (subject: Subject): WorkloadProof => {
    const read = [context.earlier?.mesh, ...parts.readBy(subject)];
    const verdict = recall('verdict on', keyInMesh(subject.workload), read, (): Verdict => ({}));
    verdict.proof ??= proveWorkload(context, subject);
    return verdict.proof;
  };
  const byKey = (subject: Subject, key: string | undefined, find = alone): WorkloadProof => {
    if (key === undefined) return find(subject);
    const known = proved.get(key) ?? lasting.get(key);
    if (known !== undefined) return asOf(subject, known);
    const proof = find(subject);
    if (proof.findings.every(isOfMany)) proved.set(key, proof);
    if (proof.findings.every(isOfAnyTime)) lasting.set(key, proof);
    return proof;
  };
  const ofOthers = (subject: Subject, others: readonly CallerClass[], lanes: number): WorkloadProof => {
    const { findings } = proveWorkload({ ...context, pool: poolOfKinds(pool, others) }, subject);
    return findings.length === 0 ? { lanes, findings } : alone(subject);
  };
  /** A way is decided for each caller by itself: of those of whom nothing was found nothing is, while the rest is the same. */
  const ofSeen = (subject: Subject, seen: Seen): WorkloadProof => {
    const { enforced, said, mentions, isRouted } = seen;
    const { name } = subject.at.cluster;
    const of = keyInMesh(subject.workload);
    const cleared = recall(
      'who is cleared at',
      of,
      [numberOf, enforced, said],
      (): Cleared => ({ told: new Set(), lanes: 0 }),
    );
    const told = callersMeeting(pool, name, seen);
    // Routes may make ways of their own for some callers.
    const isKnown = cleared.told.size > 0 && !isRouted;
    if (isKnown && told.every((each) => cleared.told.has(each))) return { lanes: cleared.lanes, findings: [] };
    const others = () => pool.representatives(name, mentions).filter((_, index) => !cleared.told.has(told[index]));
    const find = (each: Subject) => (isKnown ? ofOthers(each, others(), cleared.lanes) : alone(each));
    const proof = byKey(subject, keyOfSeen(alike, subject, seen), find);
    if (proof.findings.length === 0)
      Object.assign(cleared, { told: new Set([...cleared.told, ...told]), lanes: proof.lanes });
    return proof;
  };
  return { byKey: (subject, key) => byKey(subject, key), ofSeen };
}

function placeOf({ at, namespace }: SubjectsIn): string {
  return `${at.cluster.name}/${namespace}`;
}

/** All of them, if there are all. */
function all<T>(found: ReadonlyArray<T | undefined>): readonly T[] | undefined {
  const known = found.flatMap((each) => (each === undefined ? [] : [each]));
  return known.length === found.length ? known : undefined;
}

function memberOf<T>(list: readonly T[], index: number): T {
  const found = list[index];
  assert(found !== undefined, 'each workload of a namespace is seen, and has a key');
  return found;
}

function inAll(proofs: readonly WorkloadProof[]): ProofsIn {
  return {
    workloads: proofs.length,
    lanes: proofs.reduce((sum, { lanes }) => sum + lanes, 0),
    findings: proofs.flatMap(({ findings }) => findings),
  };
}

/** Whether workloads that differ in names alone have a finding in common. */
function isOfMany(finding: Finding): boolean {
  return finding.kind === 'too-large' || (finding.kind === 'doubt' && finding.isCrossing);
}

/** Whether a finding names nothing but the workload, so that it holds in another run for all that are alike. */
function isOfAnyTime(finding: Finding): boolean {
  return finding.kind === 'doubt' && finding.isCrossing;
}

/** Whether all that was found names nothing but the workload. */
function isOfWorkloadsAlone({ findings }: ProofsIn): boolean {
  return findings.every(isOfAnyTime);
}

/** What was found of another workload, said of one that is like it. */
function asOf({ demand }: Subject, proof: WorkloadProof): WorkloadProof {
  const findings = proof.findings.map((each) => ('demand' in each ? { ...each, demand } : each));
  return { ...proof, findings };
}
