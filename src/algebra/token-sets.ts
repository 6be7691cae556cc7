import { exactly } from '../mesh/policies/matcher.js';
import type { TokenRule } from '../mesh/policies/policy.js';
import { isReadUnclearly, mayCarryToken, preflightHeaders } from '../mesh/policies/token-places.js';
import { headersWrittenBy } from '../mesh/policies/written-headers.js';
import { groupBy } from '../util/order.js';
import { type Bound, isTold, satisfying, where, withSpaces } from './conditions.js';
import type { Changed, TokenSight } from './gate-sets.js';
import type { Gate } from './lane.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract, union } from './request-set.js';
import type { Space } from './space.js';
import type { TokensBefore } from './tokens-before.js';

/** Requests whose tokens a gate treats alike. */
export interface TokenPart {
  readonly sight: TokenSight;
  readonly carriesToken: boolean;
  readonly changed: Changed;
  /** The claims whose text is a list of words, as the issuer of the tokens has it. */
  readonly wordClaims: readonly string[];
  readonly requests: RequestSet;
}

/** The parts that a gate treats alike, apart by whether there is a token where a header depends on it. */
export function tokenParts(gate: Gate, space: Space, before: TokensBefore = 'as sent'): readonly TokenPart[] {
  const written = [...headersWrittenBy(gate.enforcement.authentication)];
  if (before === 'taken') return partsWithoutTokens(space, written);
  const compared = ['authorization', ...written].some((name) => space.positions.has(`request.headers[${name}]`));
  const parts = partsBySight(gate, space);
  if (!compared || !space.positions.has('request.auth.principal')) {
    return parts.map((part) => ({ ...part, carriesToken: false, changed: unchanged }));
  }
  const without = withoutToken(space);
  return parts.flatMap(({ sight, preflight, requests, wordClaims }) => {
    const changed = (carriesToken: boolean) => (preflight ? unchanged : writtenHeaders(written, sight, carriesToken));
    return [
      { sight, wordClaims, requests: intersect(requests, without), carriesToken: false, changed: changed(false) },
      { sight, wordClaims, requests: subtract(requests, without), carriesToken: true, changed: changed(true) },
    ];
  });
}

/** Whoever had a token comes without it, and without the header in which it was. A CORS preflight is as it was sent. */
function partsWithoutTokens(space: Space, written: readonly string[]): readonly TokenPart[] {
  const preflight = preflightSet(space);
  const without = subtract(withoutToken(space), preflight);
  const taken = subtract(fullSet(space.shape), union(preflight, without));
  const part = (requests: RequestSet, ...removed: readonly string[]): TokenPart => {
    const changed = { ...unchanged, removed: new Set(removed) };
    return { sight: 'looks-away', requests, carriesToken: false, changed, wordClaims: [] };
  };
  return [part(preflight), part(without, ...written), part(taken, ...written, 'authorization')];
}

const unchanged: Changed = { removed: new Set(), unknown: [], everything: false };

/** What a validated token writes depends on claims that are single values, which sets do not tell from lists (§6.1). */
function writtenHeaders(written: readonly string[], sight: TokenSight, carriesToken: boolean): Changed {
  const isKnown = sight === 'looks-away' || (sight === 'reads' && !carriesToken);
  if (isKnown) return { ...unchanged, removed: new Set(written) };
  return { ...unchanged, unknown: written.map((name) => exactly(name)) };
}

type SightPart = Pick<TokenPart, 'sight' | 'requests' | 'wordClaims'> & { readonly preflight: boolean };

/** CORS preflights, tokens of which nobody knows what they say, and the others: as one request is judged (§6.3). */
function partsBySight({ enforcement }: Gate, space: Space): readonly SightPart[] {
  const everything = fullSet(space.shape);
  const rules = enforcement.authentication.flatMap((policy) => policy.rules);
  const plain = { preflight: false, wordClaims: [] } as const;
  if (rules.length === 0) return [{ ...plain, sight: 'looks-away', requests: everything }];
  const preflight = preflightSet(space);
  const unknown = subtract(unknownTokens(rules, space), preflight);
  const rest = subtract(everything, union(preflight, unknown));
  return [
    { ...plain, sight: 'looks-away', requests: preflight, preflight: true },
    { ...plain, sight: 'unknown', requests: unknown },
    ...readParts(readersAmong(rules), rest, space),
  ];
}

/** Issuers may differ in which claims are lists of words. */
function readParts(readers: readonly TokenRule[], rest: RequestSet, space: Space): readonly SightPart[] {
  const groups = [...groupBy(readers, ({ wordClaims }) => [...wordClaims].sort().join('\n')).values()];
  const [first] = readers;
  const plain = { sight: 'reads', preflight: false } as const;
  if (first === undefined) return [{ ...plain, sight: 'looks-away', requests: rest, wordClaims: [] }];
  if (groups.length === 1) return [{ ...plain, requests: rest, wordClaims: first.wordClaims }];
  const issued = (rules: readonly TokenRule[]) =>
    union(emptySet(space.shape), ...rules.map((rule) => issuedBy(rule, space)));
  return [
    ...groups.map((rules) => ({
      ...plain,
      requests: intersect(rest, issued(rules)),
      wordClaims: rules.flatMap(({ wordClaims }) => wordClaims),
    })),
    { ...plain, requests: subtract(rest, issued(readers)), wordClaims: [] },
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

/** CORS preflights, at which nobody looks for a token (§6.3). */
export function preflightSet(space: Space): RequestSet {
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
  const disputed = readersAmong(rules).flatMap((rule) =>
    disputedClaims(rule, rules).map((claim) =>
      intersect(withSpaces(space, `request.auth.claims[${claim}]`), issuedBy(rule, space)),
    ),
  );
  return union(unclear, ...carrying, ...disputed);
}

/** Claims that a rule takes for words, and another one for the same issuer does not. */
function disputedClaims({ issuer, wordClaims }: TokenRule, rules: readonly TokenRule[]): readonly string[] {
  const others = readersAmong(rules).filter((rule) => rule.issuer === issuer);
  return wordClaims.filter((claim) => !others.every((rule) => rule.wordClaims.includes(claim)));
}

export function withoutToken(space: Space): RequestSet {
  return where(space, 'request.auth.principal', (values) => values.length === 0);
}

/** The requests with a token that a rule accepts. */
export function acceptedSet(rule: Pick<TokenRule, 'issuer' | 'audiences'>, space: Space): RequestSet {
  const issued = issuedBy(rule, space);
  if (rule.audiences.length === 0) return issued;
  const meant = { attribute: 'request.auth.audiences', anyOf: rule.audiences.map(exactly), noneOf: [] } as const;
  return isTold(space, meant.attribute) ? intersect(issued, satisfying(space, meant, 'surely')) : emptySet(space.shape);
}

function issuedBy({ issuer }: Pick<TokenRule, 'issuer'>, space: Space): RequestSet {
  return where(space, 'request.auth.principal', ([value]) => value?.split('\n')[0] === issuer);
}

function isPresent(values: readonly string[]): boolean {
  return values.length > 0;
}
