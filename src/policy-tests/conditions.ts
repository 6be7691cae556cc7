import { satisfying, where } from '../algebra/conditions.js';
import type { Constants } from '../algebra/constants.js';
import { mergeConstants } from '../algebra/constants.js';
import { fullSet, intersect, type RequestSet } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { comparisonsOf } from '../proof/intents/conditions.js';
import type { MeantTarget } from '../resolve/resolved-guardrail.js';

/** What the requests of a target are compared with. */
export function conditionConstants(target: MeantTarget): Constants {
  const own = comparisonsOf({ target }).map(({ attribute, anyOf }) => new Map([[attribute, anyOf]]));
  const tokens = new Map<Attribute, readonly Matcher[]>(target.withoutToken ? [[token, [anyToken]]] : []);
  return mergeConstants([...own, tokens]);
}

/** The requests that a target means: every condition must hold, by one of its values. */
export function conditionSet(target: MeantTarget, space: Space): RequestSet {
  const conditions = comparisonsOf({ target }).map((comparison) => satisfying(space, comparison, 'surely'));
  const tokens = target.withoutToken ? [where(space, token, (values) => values.length === 0)] : [];
  return intersect(fullSet(space.shape), ...conditions, ...tokens);
}

const token = 'request.auth.principal';
const anyToken: Matcher = {
  kind: 'issuer-and-subject',
  issuer: { kind: 'non-empty' },
  subject: { kind: 'non-empty' },
};
