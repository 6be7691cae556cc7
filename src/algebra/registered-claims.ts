import type { Condition } from '../mesh/policies/compiled.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { oncePerObject } from '../util/once.js';
import { isText } from './dimension.js';

/** A condition on a claim that a token states for itself, as one on the attribute that says the same (§6.5). */
export const ofRegisteredClaim = oncePerObject((condition: Condition): Condition => {
  const registered = claims.get(condition.attribute);
  if (registered === undefined) return condition;
  const { attribute, matcher } = registered;
  return { ...condition, attribute, anyOf: condition.anyOf.map(matcher), noneOf: condition.noneOf.map(matcher) };
});

interface Registered {
  readonly attribute: Attribute;
  matcher(ofClaim: Matcher): Matcher;
}

const same = (matcher: Matcher) => matcher;
const present = { kind: 'present' } as const;

/** Issuer and subject are the two halves of a request principal. */
const claims: ReadonlyMap<Attribute, Registered> = new Map<Attribute, Registered>([
  ['request.auth.claims[aud]', { attribute: 'request.auth.audiences', matcher: same }],
  ['request.auth.claims[azp]', { attribute: 'request.auth.presenter', matcher: same }],
  ['request.auth.claims[iss]', { attribute: 'request.auth.principal', matcher: ofIssuer }],
  ['request.auth.claims[sub]', { attribute: 'request.auth.principal', matcher: ofSubject }],
]);

function ofIssuer(issuer: Matcher): Matcher {
  return isText(issuer) ? { kind: 'issuer-and-subject', issuer, subject: present } : issuer;
}

function ofSubject(subject: Matcher): Matcher {
  return isText(subject) ? { kind: 'issuer-and-subject', issuer: present, subject } : subject;
}
