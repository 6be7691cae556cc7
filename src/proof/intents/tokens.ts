import { satisfying } from '../../algebra/conditions.js';
import type { Constants } from '../../algebra/constants.js';
import { mergeConstants } from '../../algebra/constants.js';
import type { Test } from '../../algebra/dimension.js';
import type { Address } from '../../algebra/lanes.js';
import type { Reading } from '../../algebra/list-elements.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract, union } from '../../algebra/request-set.js';
import type { Space } from '../../algebra/space.js';
import {
  acceptedSet,
  constantsOfRules,
  lookedAt,
  preflightSet,
  type ReadRule,
  withoutToken,
} from '../../algebra/token-space.js';
import { exactly, type Matcher, textMatcher } from '../../mesh/policies/matcher.js';
import { isOfWords } from '../../mesh/policies/token.js';
import { bearer } from '../../mesh/policies/token-places.js';
import type { Attribute } from '../../mesh/view.js';
import type { Condition } from '../../parse/ast.js';
import type { TokenIssuer } from '../../parse/tokens/token-issuer.js';
import type { TokenPlace } from '../../parse/tokens/token-place.js';
import { keyOf } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import type { Demand } from './demands.js';
import type { Grant } from './grant.js';

/** What a rule asks of tokens, of requests to one place. */
export interface TokenGrant {
  readonly rule: Pick<Grant['rule'], 'issuers'>;
  readonly target: Pick<Grant['target'], 'conditions'>;
}

/**
 * The requests whose token is as a rule asks. A token for another audience than its issuer's is none that anybody asks
 * for; a CORS preflight counts as a request without a token, whatever it carries (§6.3).
 */
export function tokenSet(space: Space, { rule, target }: TokenGrant): RequestSet {
  const everything = fullSet(space.shape);
  if (rule.issuers.length === 0) return everything;
  const tests = tokenTests(target);
  const held = intersect(
    everything,
    ...tests.map((test) => satisfying(space, test, 'surely', readingOf(test, rule.issuers))),
  );
  const isAbsent = tests.some(({ noneOf }) => noneOf.length > 0) && !tests.some(({ anyOf }) => anyOf.length > 0);
  const preflights = preflightSet(space);
  if (isAbsent) return union(held, preflights, subtract(everything, lookedAt(readAs(rule.issuers), space)));
  return subtract(intersect(held, acceptedOf(space, rule.issuers)), preflights);
}

/**
 * Requests that may be refused for their token where those of some issuers are validated, whatever is asked for. `here`:
 * the issuers whose tokens are accepted, of all whose tokens may be looked for.
 */
export function foreignTokens(
  space: Space,
  { issuers }: Pick<Demand, 'issuers'>,
  here: readonly TokenIssuer[] = issuers,
): RequestSet {
  if (issuers.length === 0) return emptySet(space.shape);
  const accepted = union(withoutToken(space), acceptedOf(space, here), preflightSet(space));
  return subtract(lookedAt(readAs(issuers), space), accepted);
}

/** At a waypoint tokens are accepted of the issuers alone that rules for the addressed Service ask for. */
export function issuersAt({ allow, deny, issuers }: Demand, address: Address): readonly TokenIssuer[] {
  if (address.kind === 'pod') return issuers;
  const isFor = ({ target }: Grant) => {
    const { service } = target.destination;
    return service !== undefined && keyOf(service) === address.service;
  };
  return [...new Set([...allow, ...deny].filter(isFor).flatMap(({ rule }) => rule.issuers))];
}

function acceptedOf(space: Space, issuers: readonly TokenIssuer[]): RequestSet {
  return union(emptySet(space.shape), ...readAs(issuers).map((issuer) => acceptedSet(issuer, space)));
}

/** Without places of their own, tokens are where Istio looks by itself (§6.1). */
const readAs = oncePerObject((issuers: readonly TokenIssuer[]): readonly ReadRule[] =>
  issuers.map(({ issuer, audiences, from = usualPlaces }) => ({ issuer, audiences, places: from })),
);

const usualPlaces: readonly TokenPlace[] = [bearer, { kind: 'parameter', name: 'access_token' }];

function readingOf({ attribute }: Test, issuers: readonly TokenIssuer[]): Reading {
  const claim = /^request\.auth\.claims\[(.*)\]$/.exec(attribute)?.[1];
  const isWords = ({ spaceDelimitedClaims }: TokenIssuer) => isOfWords(claim ?? '', spaceDelimitedClaims);
  return claim !== undefined && issuers.every(isWords) ? 'words' : 'texts';
}

const tokenTests = oncePerObject(({ conditions }: TokenGrant['target']): readonly Test[] =>
  conditions.filter(({ key }) => key === 'token').map(testOf),
);

/** Subject and issuer are the halves of a request principal (§6.5). */
function testOf({ name = '', values, isNegated }: Condition): Test {
  const attribute: Attribute =
    name === 'claims[sub]' ? 'request.auth.principal' : (`request.auth.${name}` as Attribute);
  const matchers = values.map(({ value }) => matcherOf(name, value));
  return { attribute, anyOf: isNegated ? [] : matchers, noneOf: isNegated ? matchers : [] };
}

const anything = { kind: 'non-empty' } as const;

function matcherOf(name: string, value: string): Matcher {
  if (name === 'claims[sub]') return { kind: 'issuer-and-subject', issuer: anything, subject: textMatcher(value) };
  if (name !== 'principal') return textMatcher(value);
  const issuer = value === '*' ? anything : exactly(value.slice(0, -'/*'.length));
  return { kind: 'issuer-and-subject', issuer, subject: anything };
}

/** A text of which a matcher takes some word, but not the whole: whether it is read as words makes a difference there. */
function phraseWith(matcher: Matcher): readonly Matcher[] {
  if (!('value' in matcher)) return [];
  return [exactly(matcher.kind === 'prefix' ? `- ${matcher.value}` : `${matcher.value} -`)];
}

/** Everything that the intents compare tokens with. */
export function constantsOfTokens({ allow, deny, issuers }: Pick<Demand, 'allow' | 'deny' | 'issuers'>): Constants {
  return constantsOfTokenGrants([...allow, ...deny], issuers);
}

export function constantsOfTokenGrants(grants: readonly TokenGrant[], issuers: readonly TokenIssuer[]): Constants {
  if (issuers.length === 0) return new Map();
  const compared = grants.flatMap(({ rule, target }) =>
    tokenTests(target).map((test) => {
      const phrases =
        readingOf(test, rule.issuers) === 'words' ? [...test.anyOf, ...test.noneOf].flatMap(phraseWith) : [];
      return new Map([[test.attribute, [...test.anyOf, ...test.noneOf, ...phrases]]]);
    }),
  );
  return mergeConstants([...compared, constantsOfRules(readAs(issuers))]);
}
