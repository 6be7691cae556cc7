import { type Bound, where } from '../algebra/conditions.js';
import type { Constants } from '../algebra/constants.js';
import { mergeConstants } from '../algebra/constants.js';
import { fullSet, intersect, type RequestSet } from '../algebra/request-set.js';
import { askedOfSent, type Rewritten, satisfyingAfter } from '../algebra/routes/rewritten.js';
import type { Space } from '../algebra/space.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { type Compared, comparisonsOf } from '../proof/intents/conditions.js';
import type { MeantTarget } from '../resolve/resolved-guardrail.js';

type Meant = Compared & Pick<MeantTarget, 'withoutToken'>;

/** What the requests of a target are compared with. */
export function conditionConstants(target: Meant, arriving: Rewritten): Constants {
  const asked = comparisonsOf({ target }).map(askedOfSent(arriving));
  const own = asked.map(({ attribute, anyOf, noneOf }) => new Map([[attribute, [...anyOf, ...noneOf]]]));
  const tokens = new Map<Attribute, readonly Matcher[]>(target.withoutToken ? [[token, [anyToken]]] : []);
  return mergeConstants([...own, tokens]);
}

/** The requests that a target means, as they come to it: every condition must hold, by one of its values. */
export function conditionSet(target: Meant, space: Space, arriving: Rewritten, bound: Bound = 'possibly'): RequestSet {
  const conditions = comparisonsOf({ target }).map((each) => satisfyingAfter(arriving, space, each, bound));
  const tokens = target.withoutToken ? [where(space, token, (values) => values.length === 0)] : [];
  return intersect(fullSet(space.shape), ...conditions, ...tokens);
}

const token = 'request.auth.principal';
const anyToken: Matcher = {
  kind: 'issuer-and-subject',
  issuer: { kind: 'non-empty' },
  subject: { kind: 'non-empty' },
};
