import { exactly } from '../mesh/policies/matcher.js';
import type { TokenRule } from '../mesh/policies/policy.js';
import { headerOf } from '../mesh/policies/token-place-text.js';
import { bearer, isReadUnclearly, mayCarryToken, readersOf } from '../mesh/policies/token-places.js';
import { headersWrittenBy } from '../mesh/policies/written-headers.js';
import { groupBy } from '../util/order.js';
import { type Bound, where, withSpaces } from './conditions.js';
import type { Changed, TokenSight } from './gate-sets.js';
import type { Gate } from './lane.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract, union } from './request-set.js';
import type { Space } from './space.js';
import { acceptedSet, issuedBy, lookedAt, preflightSet, tokenPlaces, withoutToken } from './token-space.js';
import type { TokensBefore } from './tokens-before.js';

/** Requests whose tokens a gate treats alike. */
export interface TokenPart {
  readonly sight: TokenSight;
  /** The header in which all of them carry a token, where policies may compare it. */
  readonly tokenHeader: string | undefined;
  readonly changed: Changed;
  /** The claims whose text is a list of words, as the issuer of the tokens has it. */
  readonly wordClaims: readonly string[];
  readonly requests: RequestSet;
}

/** The parts that a gate treats alike, apart by whether there is a token where a header depends on it. */
export function tokenParts(gate: Gate, space: Space, before: TokensBefore = 'as sent'): readonly TokenPart[] {
  const written = [...headersWrittenBy(gate.enforcement.authentication)];
  if (before === 'taken') return partsWithoutTokens(space, written);
  const places = tokenPlaces(space);
  const compared = [...places.flatMap(({ place }) => headerOf(place) ?? []), ...written].some((name) =>
    space.positions.has(`request.headers[${name}]`),
  );
  const parts = partsBySight(gate, space);
  if (!compared || !space.positions.has('request.auth.principal')) {
    return parts.map((part) => ({ ...part, tokenHeader: undefined, changed: unchanged }));
  }
  const without = withoutToken(space);
  return parts.flatMap(({ sight, preflight, requests, wordClaims }) => {
    const changed = (carriesToken: boolean) => (preflight ? unchanged : writtenHeaders(written, sight, carriesToken));
    return [
      { sight, wordClaims, requests: intersect(requests, without), tokenHeader: undefined, changed: changed(false) },
      ...places.map((each) => ({
        sight,
        wordClaims,
        requests: intersect(subtract(requests, without), each.requests),
        tokenHeader: headerOf(each.place),
        changed: changed(true),
      })),
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
    return { sight: 'looks-away', requests, tokenHeader: undefined, changed, wordClaims: [] };
  };
  const usual = intersect(taken, lookedAt([{ places: [bearer] }], space));
  return [
    part(preflight),
    part(union(without, subtract(taken, usual)), ...written),
    part(usual, ...written, 'authorization'),
  ];
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
  if (rules.length === 0) return [unread(everything)];
  const preflight = preflightSet(space);
  const unknown = subtract(unknownTokens(rules, space), preflight);
  const rest = subtract(everything, union(preflight, unknown));
  return [
    { ...unread(preflight), preflight: true },
    { ...unread(unknown), sight: 'unknown' },
    ...tokenPlaces(space).flatMap(({ place, requests }) =>
      readParts(readersOf(place, rules), intersect(rest, requests), space),
    ),
  ];
}

function unread(requests: RequestSet): SightPart {
  return { sight: 'looks-away', requests, preflight: false, wordClaims: [] };
}

/** Issuers may differ in which claims are lists of words. */
function readParts(readers: readonly TokenRule[], rest: RequestSet, space: Space): readonly SightPart[] {
  const groups = [...groupBy(readers, ({ wordClaims }) => [...wordClaims].sort().join('\n')).values()];
  const [first] = readers;
  if (first === undefined) return [unread(rest)];
  const read = { sight: 'reads', preflight: false } as const;
  if (groups.length === 1) return [{ ...read, requests: rest, wordClaims: first.wordClaims }];
  const issued = (rules: readonly TokenRule[]) =>
    union(emptySet(space.shape), ...rules.map((rule) => issuedBy(rule, space)));
  return [
    ...groups.map((rules) => ({
      ...read,
      requests: intersect(rest, issued(rules)),
      wordClaims: rules.flatMap(({ wordClaims }) => wordClaims),
    })),
    { ...read, requests: subtract(rest, issued(readers)), wordClaims: [] },
  ];
}

/** No token, or one that some rule accepts; what is not known to be refused may be accepted (§6.3). */
export function acceptedTokens({ enforcement }: Gate, space: Space, sight: TokenSight, bound: Bound): RequestSet {
  const everything = fullSet(space.shape);
  if (sight === 'looks-away') return everything;
  if (sight === 'unknown') return bound === 'surely' ? emptySet(space.shape) : everything;
  const rules = enforcement.authentication.flatMap((policy) => policy.rules);
  return union(withoutToken(space), ...rules.map((rule) => acceptedSet(rule, space)));
}

/** In a place that is not read clearly, or with texts that some rules for one issuer take for words. */
function unknownTokens(rules: readonly TokenRule[], space: Space): RequestSet {
  const carrying = [...space.positions.keys()].flatMap((attribute) => {
    const name = /^request\.headers\[(.*)\]$/.exec(attribute)?.[1];
    const mayCarry = ([value]: readonly string[]) => value !== undefined && mayCarryToken(name ?? '', value, rules);
    return name === undefined ? [] : [where(space, attribute, mayCarry)];
  });
  const unclear = tokenPlaces(space).filter(({ place }) => isReadUnclearly(place, rules));
  const disputed = rules.flatMap((rule) =>
    disputedClaims(rule, rules).map((claim) =>
      intersect(withSpaces(space, `request.auth.claims[${claim}]`), issuedBy(rule, space)),
    ),
  );
  const unread = unclear.map(({ requests }) => subtract(requests, withoutToken(space)));
  return union(emptySet(space.shape), ...unread, ...carrying, ...disputed);
}

/** Claims that a rule takes for words, and another one for the same issuer does not. */
function disputedClaims({ issuer, wordClaims }: TokenRule, rules: readonly TokenRule[]): readonly string[] {
  const others = rules.filter((rule) => rule.issuer === issuer);
  return wordClaims.filter((claim) => !others.every((rule) => rule.wordClaims.includes(claim)));
}
