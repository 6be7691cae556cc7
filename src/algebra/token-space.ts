import { exactly, type Matcher } from '../mesh/policies/matcher.js';
import type { TokenRule } from '../mesh/policies/policy.js';
import { placeOf, placeText } from '../mesh/policies/token-place-text.js';
import { bearer, preflightHeaders } from '../mesh/policies/token-places.js';
import type { Attribute } from '../mesh/view.js';
import type { TokenPlace } from '../parse/tokens/token-place.js';
import { isTold, satisfying, where } from './conditions.js';
import type { Constants } from './constants.js';
import { emptySet, fullSet, intersect, type RequestSet, union } from './request-set.js';
import type { Space } from './space.js';

const place: Attribute = 'request.auth.place';

/** Everything by which requests with tokens have to be told apart where rules validate some. */
export function constantsOfRules(rules: readonly ReadRule[]): Constants {
  const issuers = rules.map(({ issuer }): Matcher => {
    return { kind: 'issuer-and-subject', issuer: exactly(issuer), subject: { kind: 'non-empty' } };
  });
  const places = rules.flatMap(({ places: read }) => placesApart(read).map((each) => exactly(placeText(each))));
  return new Map<Attribute, readonly Matcher[]>([
    ['request.auth.principal', issuers],
    ['request.auth.audiences', rules.flatMap(({ audiences }) => audiences.map(exactly))],
    ...(places.length === 0 ? [] : [[place, places] as const]),
    ['request.method', [exactly('OPTIONS')]],
    ...preflightHeaders.map((name) => [`request.headers[${name}]`, [{ kind: 'present' }]] as const),
  ]);
}

/** What of a rule decides which tokens it accepts. */
export type ReadRule = Pick<TokenRule, 'issuer' | 'audiences' | 'places'>;

/** A rule without places of its own looks into the parameter as it looks into the header: the two need not be told apart. */
function placesApart(places: readonly TokenPlace[]): readonly TokenPlace[] {
  const texts = places.map(placeText);
  const isUsual = texts.includes(placeText(bearer));
  return places.filter((_, index) => {
    const text = texts[index];
    return text !== placeText(bearer) && !(isUsual && text === 'parameter access_token');
  });
}

/** The places in which tokens are told apart, each with the requests whose token is there, and all without one. */
export function tokenPlaces(
  space: Space,
): ReadonlyArray<{ readonly place: TokenPlace; readonly requests: RequestSet }> {
  const dimension = space.dimensions[(space.positions.get(place) ?? 0) - 1];
  if (dimension?.kind !== 'value') return [{ place: bearer, requests: fullSet(space.shape) }];
  return dimension.atoms.map(({ values: [text] }) => ({
    place: text === undefined ? bearer : placeOf(text),
    requests: where(space, place, ([value]) => value === text),
  }));
}

export function withoutToken(space: Space): RequestSet {
  return where(space, 'request.auth.principal', (values) => values.length === 0);
}

/** CORS preflights, at which nobody looks for a token (§6.3). */
export function preflightSet(space: Space): RequestSet {
  const options = where(space, 'request.method', ([value]) => value === 'OPTIONS');
  const isPresent = (values: readonly string[]) => values.length > 0;
  const headers = preflightHeaders.map((name) => where(space, `request.headers[${name}]`, isPresent));
  return headers.reduce((left, right) => intersect(left, right), options);
}

/** The requests with a token that a rule accepts. */
export function acceptedSet(rule: ReadRule, space: Space): RequestSet {
  const issued = intersect(issuedBy(rule, space), lookedAt([rule], space));
  if (rule.audiences.length === 0) return issued;
  const meant = { attribute: 'request.auth.audiences', anyOf: rule.audiences.map(exactly), noneOf: [] } as const;
  return isTold(space, meant.attribute) ? intersect(issued, satisfying(space, meant, 'surely')) : emptySet(space.shape);
}

/** The requests whose token, if there is one, is in a place that some rule reads. */
export function lookedAt(rules: ReadonlyArray<Pick<TokenRule, 'places'>>, space: Space): RequestSet {
  const read = new Set(rules.flatMap(({ places }) => places.map(placeText)));
  const sets = tokenPlaces(space).filter((each) => read.has(placeText(each.place)));
  return union(emptySet(space.shape), ...sets.map(({ requests }) => requests));
}

export function issuedBy({ issuer }: Pick<TokenRule, 'issuer'>, space: Space): RequestSet {
  return where(space, 'request.auth.principal', ([value]) => value?.split('\n')[0] === issuer);
}
