import { type Answer, intent } from '../../algebra/answers.js';
import { bitsOf } from '../../algebra/bits.js';
import { callersAmong } from '../../algebra/callers.js';
import { satisfying } from '../../algebra/conditions.js';
import { type Constants, mergeConstants } from '../../algebra/constants.js';
import type { Test } from '../../algebra/dimension.js';
import { comparersOf, constantsOf, type Lane, planLane } from '../../algebra/lane.js';
import { reachOf } from '../../algebra/reach.js';
import {
  boxSet,
  emptySet,
  fullSet,
  intersect,
  isEmpty,
  type RequestSet,
  subtract,
  union,
} from '../../algebra/request-set.js';
import { type Space, spaces } from '../../algebra/space.js';
import { witnessOf } from '../../algebra/witness.js';
import { decide } from '../../mesh/decide.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Condition } from '../../parse/ast.js';
import { testsOf } from '../intents/conditions.js';
import type { EgressFinding } from './finding.js';
import type { EgressSubject } from './subjects.js';

/** Those to whom nothing is opened, or some requests alone: what is let out beyond that, and whether any of it is. */
export function beyondOpenings(
  mesh: Mesh,
  subjects: readonly EgressSubject[],
  openingsOf: (subject: EgressSubject) => ReadonlyArray<readonly Condition[]>,
  lane: Lane,
  what: string,
): readonly EgressFinding[] {
  const callers = callersAmong(subjects.map((subject) => subject.class));
  const plan = planLane(mesh, callers, lane);
  const tests = subjects.map((subject) => openingsOf(subject).map((conditions) => testsOf(conditions, [])));
  const answer: Answer<readonly EgressFinding[]> = intent()(comparersOf(plan), () => {
    const constants = mergeConstants([constantsOf(mesh, plan), ...tests.flat(2).map(constantsOfTest)]);
    const space = spaces(mesh, callers)(constants);
    const reach = reachOf(mesh, space, plan);
    return subjects.flatMap((subject, index): readonly EgressFinding[] => {
      const own = (set: RequestSet) => intersect(set, boxSet(space.shape, new Map([[0, bitsOf([index])]])));
      const [surely, possibly] = [own(reach.surely), own(reach.possibly)];
      const meant = own(openedSet(space, tests[index] ?? [], lane));
      const found = (kind: EgressFinding['kind'], set: RequestSet): EgressFinding => {
        const witness = witnessOf(space, lane, set);
        const decision = witness && decide(mesh, witness);
        return { kind, subject, what, ...(decision && { decision }) };
      };
      const [more, perhaps] = [subtract(surely, meant), subtract(possibly, meant)];
      const [less, notSure] = [intersect(meant, possibly), intersect(meant, surely)];
      const isOwed = !isEmpty(meant) && !subject.isFuture;
      return [
        ...(isEmpty(perhaps) ? [] : [openTo(found('unknown', isEmpty(more) ? perhaps : more), !isEmpty(more))]),
        ...(isOwed && isEmpty(less) ? [found('too-little', meant)] : []),
        ...(isOwed && !isEmpty(less) && isEmpty(notSure) ? [found('unknown', less)] : []),
      ];
    });
  });
  return answer.kind === 'decided' ? answer.value : subjects.map((subject) => ({ kind: 'unknown', subject, what }));
}

/** What is let out for certain, by the sets or by the one request. */
function openTo(finding: EgressFinding, isCertain: boolean): EgressFinding {
  return isCertain || finding.decision?.verdict.kind === 'allowed' ? { ...finding, kind: 'too-much' } : finding;
}

/** Requests that look like one of what is opened; bytes look like nothing. */
function openedSet(space: Space, openings: ReadonlyArray<readonly Test[]>, { payload }: Lane): RequestSet {
  const sets =
    payload === 'tcp'
      ? []
      : openings.map((tests) =>
          intersect(fullSet(space.shape), ...tests.map((test) => satisfying(space, test, 'surely'))),
        );
  return union(emptySet(space.shape), ...sets);
}

function constantsOfTest({ attribute, anyOf, noneOf }: Test): Constants {
  return new Map([[attribute, [...anyOf, ...noneOf]]]);
}
