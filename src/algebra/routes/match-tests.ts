import { exactly, type Matcher } from '../../mesh/policies/matcher.js';
import { textMatches } from '../../mesh/routes/follow/matching.js';
import { matchesWhole } from '../../mesh/routes/follow/re2.js';
import type { NamedMatch, PathMatch, RouteMatch, TextMatch } from '../../mesh/routes/route.js';
import type { Attribute } from '../../mesh/view.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';
import { oncePerObject } from '../../util/once.js';
import type { Test } from '../dimension.js';
import { automatonOf } from '../texts/re2/automaton.js';

/** What a match of a route asks of a request: all of it must hold. */
export interface MatchTests {
  readonly tests: readonly Test[];
  /** Whether something is asked of which sets know nothing. */
  readonly isDoubtful: boolean;
}

export const testsOf = oncePerObject((match: RouteMatch): MatchTests => {
  const { path, method, authority, scheme, headers, query, doubt } = match;
  return {
    tests: [
      ...(path === undefined ? [] : [wanted('request.path', pathMatchers(path))]),
      ...(method === undefined ? [] : [wanted('request.method', [matcherOf(method)])]),
      ...(authority === undefined ? [] : [wanted('request.host', [ignoringCase(matcherOf(authority))])]),
      ...headers.filter(isPlain).map((each) => named(`request.headers[${each.name}]`, each)),
      ...query.map((each) => named(`request.query[${each.name}]`, each)),
    ],
    isDoubtful: scheme !== undefined || doubt !== undefined || !headers.every(isPlain),
  };
});

/** Of the header that carries tokens sets do not know what it says. */
function isPlain({ name }: NamedMatch): boolean {
  return name !== 'authorization';
}

function wanted(attribute: Attribute, anyOf: readonly Matcher[]): Test {
  return { attribute, anyOf, noneOf: [] };
}

/** An absent value is taken for an empty one where a match must not hold. */
function named(attribute: Attribute, { match, negated, nonEmpty }: NamedMatch): Test {
  if (nonEmpty === true) return wanted(attribute, [{ kind: 'non-empty' }]);
  const matcher = matcherOf(match);
  if (!negated) return wanted(attribute, [matcher]);
  const isThere = match.kind !== 'present' && textMatches(match, '') !== 'no';
  return { attribute, anyOf: isThere ? [{ kind: 'present' }] : [], noneOf: [matcher] };
}

function pathMatchers({ kind, value, ignoreCase }: PathMatch): readonly Matcher[] {
  if (ignoreCase && kind !== 'regex') return [inAnyCase(kind, value)];
  switch (kind) {
    case 'exact':
      return [exactly(value)];
    case 'prefix':
      return [beginning(value)];
    case 'elements':
      return [exactly(value), beginning(`${value}/`)];
    default:
      return [regexMatcher(value)];
  }
}

function matcherOf(match: TextMatch): Matcher {
  switch (match.kind) {
    case 'present':
      return { kind: 'present' };
    case 'exact':
      return exactly(match.value);
    case 'prefix':
      return beginning(match.value);
    default:
      return regexMatcher(match.value);
  }
}

function beginning(value: string): Matcher {
  return { kind: 'prefix', value, ignoreCase: false };
}

function inAnyCase(kind: 'exact' | 'prefix' | 'elements', value: string): Matcher {
  const goesOn = { exact: '', prefix: '.*', elements: '(?:/.*)?' };
  return regexMatcher(`(?i)${escapeRegExp(value)}${goesOn[kind]}`);
}

/** What is no expression to both readings of it matches nobody knows what. */
export function regexMatcher(value: string): Matcher {
  const isKnown = automatonOf(value) !== undefined && matchesWhole(value, '') !== 'unknown';
  if (isKnown) return { kind: 'regex', value };
  return { kind: 'not-modelled', why: `what regular expression \`${value}\` matches` };
}

/** Sets know hosts without regard to case, of which an expression may have one. */
function ignoringCase(matcher: Matcher): Matcher {
  if (matcher.kind === 'regex') return { kind: 'not-modelled', why: `what host \`${matcher.value}\` matches` };
  return 'ignoreCase' in matcher ? { ...matcher, ignoreCase: true } : matcher;
}
