import { describeRequest } from '../../../src/mesh/request.js';
import { requestsOutside } from '../reading/egress.js';
import { type Grid, gridOf, requestsOf, sizeOf } from '../reading/grid.js';
import type { Emitted } from './emitted.js';
import { asShown, withFutureWorkloads } from './future-workloads.js';
import { isLedAway, isWrong, type Judgement, judge, meshWith, type Trial, tryOut } from './judge.js';
import type { Mutant } from './mutation.js';
import type { Subject } from './subject.js';

/** What became of a mutant. */
export type Fate =
  /** The proof shows a request, and the intents read plainly say the same of it. */
  | 'refuted'
  /** A cluster would not take it, and the proof says so. */
  | 'refused'
  /** The proof says that it lacks a fact. */
  | 'doubted'
  /** Every request that is tried is decided as it is without the change. */
  | 'same'
  /** Some are decided otherwise, all of them requests of which the intents leave it open. */
  | 'open'
  /** The proof is wrong, one way or the other. */
  | 'unexplained';

export interface Verdict {
  readonly fate: Fate;
  /** The request that shows it, where something is unexplained. */
  readonly because: string;
}

/** Judges mutants of one subject by the proof, and the proof by requests that are tried one by one. */
export function trialOf(subject: Subject, limit: number): (mutant: Mutant) => Verdict {
  const all = withFutureWorkloads(subject);
  const before = meshWith(all, subject.emitted);
  const own = judge(subject, subject.emitted);
  const doubts = own.kind === 'proved' ? own.doubts : 0;
  const survive = (mutant: Mutant): Verdict => {
    const after = meshWith(all, mutant.files);
    const grid = gridWith(subject, mutant.files);
    let fate: Fate = 'same';
    for (const request of [
      ...sampleOf(requestsOf(grid), sizeOf(grid), limit),
      ...requestsOutside(subject.resolved, after),
    ]) {
      const trial = tryOut(all, after, request);
      if (isWrong(trial) && !isLedAway(trial)) return unexplained(trial);
      if (tryOut(all, before, request).decision.verdict.kind !== trial.decision.verdict.kind) fate = 'open';
    }
    return { fate, because: '' };
  };
  return (mutant) => {
    const judgement = judge(subject, mutant.files);
    if (judgement.kind === 'refuted') return refutation(subject, mutant, judgement);
    if (judgement.kind === 'refused') return { fate: 'refused', because: '' };
    return judgement.doubts > doubts ? { fate: 'doubted', because: '' } : survive(mutant);
  };
}

/** The requests that are not decided as the intents want, among those that are tried. */
export function wrongsOf(subject: Subject, limit: number): readonly string[] {
  const all = withFutureWorkloads(subject);
  const mesh = meshWith(all, subject.emitted);
  const grid = gridWith(subject, subject.emitted);
  const requests = [...sampleOf(requestsOf(grid), sizeOf(grid), limit), ...requestsOutside(subject.resolved, mesh)];
  const trials = requests.map((request) => tryOut(all, mesh, request));
  return trials.filter((trial) => isWrong(trial) && !isMeantToBeLedAway(subject, trial)).map(describeTrial);
}

/**
 * What the routes of TrafficSettings, or of manifests, answer themselves or lead elsewhere is as it is wanted, and so is what
 * goes by a host outside: that is proved by itself.
 */
function isMeantToBeLedAway({ resolved: { traffic, outsideHosts }, given }: Subject, trial: Trial): boolean {
  const isRouted = given.some(({ object: { kind } }) => kind === 'VirtualService');
  const leads = isRouted || traffic.some(({ routes }) => routes.length > 0) || outsideHosts.size > 0;
  return leads && isLedAway(trial);
}

/** Everybody who is shown calls everybody, workloads that nobody has deployed yet too; those call as whoever is new. */
function gridWith(subject: Subject, files: readonly Emitted[]): Grid {
  const clusters = (each: Subject) => meshWith(each, files).topology.clusters;
  const parties = { callers: clusters(subject), called: clusters(withFutureWorkloads(subject)) };
  return gridOf(subject.resolved, parties, [...subject.emitted, ...files]);
}

function refutation(subject: Subject, { files }: Mutant, refuted: Refuted): Verdict {
  const [because] = mistakesOf(subject, files, refuted);
  return because === undefined ? { fate: 'refuted', because: '' } : { fate: 'unexplained', because };
}

type Refuted = Extract<Judgement, { kind: 'refuted' }>;

/** What the proof shows of an output though the intents, read plainly, leave it so. */
export function mistakesOf(subject: Subject, files: readonly Emitted[], { decisions }: Refuted): readonly string[] {
  const all = withFutureWorkloads(subject);
  const mesh = meshWith(all, files);
  const trials = decisions.map(({ request }) => tryOut(all, mesh, asShown(request)));
  return trials.filter((trial) => !isWrong(trial)).map(describeTrial);
}

function unexplained(trial: Trial): Verdict {
  return { fate: 'unexplained', because: describeTrial(trial) };
}

export function describeTrial({ decision: { request, verdict, because }, wanted }: Trial): string {
  const ip = request.source.ip === undefined ? '' : ` from ${request.source.ip}`;
  return `${describeRequest(request)}${ip} is ${verdict.kind}: ${because}; wanted: ${wanted}`;
}

/** At most about as many as the limit, evenly spread. */
function* sampleOf<T>(items: Iterable<T>, size: number, limit: number): Generator<T> {
  // An odd step meets every value of every field, whatever the numbers of values are.
  const step = size <= limit ? 1 : Math.ceil(size / limit) | 1;
  let index = 0;
  for (const item of items) if (index++ % step === 0) yield item;
}
