import type { TooLargeAnswer } from '../algebra/answers.js';
import { describeSet } from '../algebra/describe.js';
import { comparersOf } from '../algebra/lane.js';
import { isEmpty, type RequestSet } from '../algebra/request-set.js';
import { tooLarge } from '../algebra/too-large.js';
import { witnessOf } from '../algebra/witness.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide } from '../mesh/decide.js';
import { describeRequest } from '../mesh/request.js';
import { assert } from '../util/assert.js';
import { groupBy } from '../util/order.js';
import { compareWay, planWay, type WayChange } from './compare-way.js';
import type { States } from './states.js';
import type { WayIn } from './ways.js';

export type Finding = Altered | Unjudged | TooLargeAnswer;

/** Requests that are treated otherwise than before, one of them in words. */
interface Altered {
  readonly kind: 'gained' | 'lost';
  readonly requests: string;
  readonly witness: string;
  readonly before: Decision;
  readonly after: Decision;
}

/** A fact that the model lacks, so that nothing can be said. */
interface Unjudged {
  readonly kind: 'unjudged';
  readonly fact: string;
}

/** What changes on the ways to somebody, each thing once: further ports and addressings repeat it. */
export function findingsOn(states: States, ways: readonly WayIn[]): readonly Finding[] {
  const all = ways.flatMap((way): readonly Finding[] => {
    const planned = planWay(states, way);
    const comparers = [planned.plan, ...planned.earlier].flatMap(comparersOf);
    const answer = states.ask(comparers, () => findingsOf(states, compareWay(states, planned)));
    return answer.kind === 'decided' ? answer.value : [answer];
  });
  return [...groupBy(all, causeOf).values()].flatMap((group) => group.slice(0, 1));
}

/** What happens and why: findings that have it in common are one. */
export function causeOf(finding: Finding): string {
  if (finding.kind === 'too-large') return tooLarge(finding.policy);
  return finding.kind === 'unjudged' ? finding.fact : `${finding.kind} ${finding.after.because}`;
}

function findingsOf(states: States, change: WayChange): readonly Finding[] {
  const { gained, lost, newlyAsked } = change;
  return [
    ...(isEmpty(gained) ? [] : [altered(states, change, 'gained', gained)]),
    ...(isEmpty(lost) ? [] : [altered(states, change, 'lost', lost)]),
    ...newlyAsked.map((name) => ({ kind: 'unjudged', fact: `what provider \`${name}\` answers` }) as const),
    ...doubtOf(states, change),
  ];
}

function altered(states: States, change: WayChange, kind: Altered['kind'], set: RequestSet): Altered {
  const { before, after } = decided(states, change, set);
  const [was, is] = kind === 'gained' ? ['denied', 'allowed'] : ['allowed', 'denied'];
  assert(after.verdict.kind === is && before.verdict.kind === was, `${after.because}: decided as its set is`);
  const requests = describeSet(change.space, change.way.lane, set);
  return { kind, requests, witness: describeRequest(after.request), before, after };
}

function doubtOf(states: States, change: WayChange): readonly Unjudged[] {
  if (isEmpty(change.doubtful)) return [];
  const { before, after } = decided(states, change, change.doubtful);
  const [unknown] = [after, before].filter(({ verdict }) => verdict.kind === 'not-modelled');
  return [{ kind: 'unjudged', fact: (unknown ?? after).because }];
}

/** One request of a set, decided in both states. */
function decided({ before, after }: States, { way, space }: WayChange, set: RequestSet) {
  const request = witnessOf(space, way.lane, set);
  assert(request !== undefined, 'a set that is not empty has a member');
  const destination = way.before[0]?.destination ?? request.destination;
  return { before: decide(before.mesh, { ...request, destination }), after: decide(after.mesh, request) };
}
