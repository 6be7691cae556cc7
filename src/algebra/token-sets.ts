import { exactly } from '../mesh/policies/matcher.js';
import type { TokenRule } from '../mesh/policies/policy.js';
import { isReadUnclearly, mayCarryToken, preflightHeaders } from '../mesh/policies/token-places.js';
import { headersWrittenBy } from '../mesh/policies/written-headers.js';
import { type Bound, isTold, satisfying, where, withSpaces } from './conditions.js';
import type { Changed, TokenSight } from './gate-sets.js';
import type { Gate } from './lane.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract, union } from './request-set.js';
import type { Space } from './space.js';

/** Requests whose tokens a gate treats alike. */
export interface TokenPart {
  readonly sight: TokenSight;
  readonly carriesToken: boolean;
  readonly changed: Changed;
  readonly requests: RequestSet;
}

/** The parts that a gate treats alike, apart by whether there is a token where a header depends on it. */
export function tokenParts(gate: Gate, space: Space): readonly TokenPart[] {
  const written = [...headersWrittenBy(gate.enforcement.authentication)];
  const compared = ['authorization', ...written].some((name) => space.positions.has(`request.headers[${name}]`));
  const parts = partsBySight(gate, space);
  if (!compared || !space.positions.has('request.auth.principal')) {
    return parts.map((part) => ({ ...part, carriesToken: false, changed: unchanged }));
  }
  const without = withoutToken(space);
  return parts.flatMap(({ sight, preflight, requests }) => {
    const changed = (carriesToken: boolean) => (preflight ? unchanged : writtenHeaders(written, sight, carriesToken));
    return [
      { sight, requests: intersect(requests, without), carriesToken: false, changed: changed(false) },
      { sight, requests: subtract(requests, without), carriesToken: true, changed: changed(true) },
    ];
  });
}

const unchanged: Changed = { removed: new Set(), unknown: [], everything: false };

/** What a validated token writes depends on claims that are single values, which sets do not tell from lists (§6.1). */
function writtenHeaders(written: readonly string[], sight: TokenSight, carriesToken: boolean): Changed {
  const isKnown = sight === 'looks-away' || (sight === 'reads' && !carriesToken);
  if (isKnown) return { ...unchanged, removed: new Set(written) };
  return { ...unchanged, unknown: written.map((name) => exactly(name)) };
}

type SightPart = Pick<TokenPart, 'sight' | 'requests'> & { readonly preflight: boolean };

/** CORS preflights, tokens of which nobody knows what they say, and the others: as one request is judged (§6.3). */
function partsBySight({ enforcement }: Gate, space: Space): readonly SightPart[] {
  const everything = fullSet(space.shape);
  const rules = enforcement.authentication.flatMap((policy) => policy.rules);
  if (rules.length === 0) return [{ sight: 'looks-away', requests: everything, preflight: false }];
  const preflight = preflightSet(space);
  const unknown = subtract(unknownTokens(rules, space), preflight);
  const rest = subtract(everything, union(preflight, unknown));
  return [
    { sight: 'looks-away', requests: preflight, preflight: true },
    { sight: 'unknown', requests: unknown, preflight: false },
    { sight: readersAmong(rules).length > 0 ? 'reads' : 'looks-away', requests: rest, preflight: false },
  ];
}

/** No token, or one that some rule accepts; what is not known to be refused may be accepted (§6.3). */
export function acceptedTokens({ enforcement }: Gate, space: Space, sight: TokenSight, bound: Bound): RequestSet {
  const everything = fullSet(space.shape);
  if (sight === 'looks-away') return everything;
  if (sight === 'unknown') return bound === 'surely' ? emptySet(space.shape) : everything;
  const readers = readersAmong(enforcement.authentication.flatMap((policy) => policy.rules));
  return union(withoutToken(space), ...readers.map((rule) => acceptedSet(rule, space)));
}

function readersAmong(rules: readonly TokenRule[]): readonly TokenRule[] {
  return rules.filter(({ places }) => places.bearer);
}

function preflightSet(space: Space): RequestSet {
  const options = where(space, 'request.method', ([value]) => value === 'OPTIONS');
  const headers = preflightHeaders.map((name) => where(space, `request.headers[${name}]`, isPresent));
  return headers.reduce((left, right) => intersect(left, right), options);
}

/** In a place of its own, of a rule that is not understood, or with texts that some rules take for words. */
function unknownTokens(rules: readonly TokenRule[], space: Space): RequestSet {
  const carrying = [...space.positions.keys()].flatMap((attribute) => {
    const name = /^request\.headers\[(.*)\]$/.exec(attribute)?.[1];
    const mayCarry = ([value]: readonly string[]) => value !== undefined && mayCarryToken(name ?? '', value, rules);
    return name === undefined ? [] : [where(space, attribute, mayCarry)];
  });
  const unclear = isReadUnclearly(rules) ? subtract(fullSet(space.shape), withoutToken(space)) : emptySet(space.shape);
  const disputed = disputedClaims(rules).map((claim) => withSpaces(space, `request.auth.claims[${claim}]`));
  return union(unclear, ...carrying, ...disputed);
}

/** Claims that only some of the rules take for words. */
function disputedClaims(rules: readonly TokenRule[]): readonly string[] {
  const readers = readersAmong(rules);
  const claims = readers.flatMap(({ wordClaims }) => wordClaims);
  return claims.filter((claim) => !readers.every(({ wordClaims }) => wordClaims.includes(claim)));
}

export function withoutToken(space: Space): RequestSet {
  return where(space, 'request.auth.principal', (values) => values.length === 0);
}

function acceptedSet(rule: TokenRule, space: Space): RequestSet {
  const issued = where(space, 'request.auth.principal', ([value]) => value?.split('\n')[0] === rule.issuer);
  if (rule.audiences.length === 0) return issued;
  const meant = { attribute: 'request.auth.audiences', anyOf: rule.audiences.map(exactly), noneOf: [] } as const;
  return isTold(space, meant.attribute) ? intersect(issued, satisfying(space, meant, 'surely')) : emptySet(space.shape);
}

function isPresent(values: readonly string[]): boolean {
  return values.length > 0;
}
