import { indexesOf } from '../algebra/bits.js';
import { intersect, isEmpty, type RequestSet, sliceOf, subtract } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { withoutToken } from '../algebra/token-space.js';
import type { ChangeKind } from './change.js';
import type { Differences } from './differences.js';
import type { OfCallers } from './requests.js';

/**
 * What it is that lets more through. Callers that had something there before gain by a rule that asks less: any request
 * where requests were told apart, or requests without a token where each needed one. Whoever had nothing is granted access.
 */
export function weakeningOf({ space, real, is, was, planned }: Differences, { callers }: OfCallers): ChangeKind {
  const each = indexesOf(callers);
  const had = each.map((caller) => sliceOf(was.surely, caller));
  if (had.some(isEmpty) || planned.way.lane.payload === 'tcp') return 'access-granted';
  const has = each.map((caller) => sliceOf(is.surely, caller));
  if (had.every((set) => needsToken(space, set)) && has.some((set) => !needsToken(space, set))) {
    return 'token-no-longer-needed';
  }
  const everything = has.every((set, index) => isEmpty(subtract(sliceOf(real, each[index] ?? 0), set)));
  return everything ? 'requests-no-longer-told-apart' : 'access-granted';
}

function needsToken(space: Space, set: RequestSet): boolean {
  return space.positions.has('request.auth.principal') && isEmpty(intersect(set, withoutToken(space)));
}
