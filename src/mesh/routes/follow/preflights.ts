import { preflightHeaders } from '../../policies/token-places.js';
import { anyOf, type Truth } from '../../truth.js';
import type { CorsPolicy, RouteMatch, RouteRule, TextMatch } from '../route.js';
import { anyProxy } from '../route.js';
import type { RouteEntry } from '../table.js';
import { type RoutedRequest, textMatches } from './matching.js';

/**
 * Whether CORS answers a request in place of what its rule says: a preflight request of an origin that may read answers, or
 * of any where others are not passed on (T-99).
 */
export function answersPreflight(rule: RouteRule, { request, headerDoubts }: RoutedRequest): Truth {
  const { cors } = rule;
  const { method, headers } = request;
  if (cors === undefined || method !== 'OPTIONS') return 'no';
  if (preflightHeaders.some((name) => headerDoubts.has(name))) return 'unknown';
  if (preflightHeaders.some((name) => !headers[name])) return 'no';
  if (cors.answersOthers === true) return 'yes';
  return anyOf(
    cors.origins.map((origin) => (isWildcard(rule, origin) ? 'unknown' : textMatches(origin, headers.origin ?? ''))),
  );
}

/** What stands in for a label of an HTTPRoute’s origins is no regular expression yet. */
function isWildcard({ origin }: RouteRule, { kind }: TextMatch): boolean {
  return kind === 'regex' && origin.object.kind === 'HTTPRoute';
}

/** The preflight requests of an entry that CORS answers, as entries before it. */
export function preflightEntries({ rule, match = everything }: RouteEntry): readonly RouteEntry[] {
  const { cors } = rule;
  const mayBe = match.method === undefined ? 'yes' : textMatches(match.method, 'OPTIONS');
  if (cors === undefined || mayBe === 'no') return [];
  const doubt = mayBe === 'yes' ? match.doubt : 'a method that may be that of preflight requests';
  return originsOf(cors).map((origin) => ({
    rule,
    match: {
      ...match,
      method: { kind: 'exact', value: 'OPTIONS' },
      headers: [...match.headers, ...fromOrigin(origin)],
      doubt: isWildcard(rule, origin) ? 'the origins that a wildcard of a CORS filter means' : doubt,
    },
    isOfPreflights: true,
  }));
}

function originsOf({ origins, answersOthers }: CorsPolicy): readonly TextMatch[] {
  return answersOthers === true ? [{ kind: 'present' }] : origins;
}

function fromOrigin(origin: TextMatch): RouteMatch['headers'] {
  const anything = { match: { kind: 'present' }, negated: false, nonEmpty: true } as const;
  return preflightHeaders.map((name) =>
    name === 'origin' && origin.kind !== 'present' ? { name, match: origin, negated: false } : { name, ...anything },
  );
}

const everything: RouteMatch = {
  place: [],
  path: undefined,
  method: undefined,
  authority: undefined,
  scheme: undefined,
  headers: [],
  query: [],
  doubt: undefined,
  proxy: anyProxy,
};
