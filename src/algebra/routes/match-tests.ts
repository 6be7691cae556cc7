import { exactly, type Matcher } from '../../mesh/policies/matcher.js';
import type { NamedMatch, PathMatch, RouteMatch, TextMatch } from '../../mesh/routes/route.js';
import type { Attribute } from '../../mesh/view.js';
import { oncePerObject } from '../../util/once.js';
import type { Test } from '../dimension.js';

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
      ...headers.map((each) => named(`request.headers[${each.name}]`, each)),
      ...query.map((each) => named(`request.query[${each.name}]`, each)),
    ],
    isDoubtful: scheme !== undefined || doubt !== undefined,
  };
});

function wanted(attribute: Attribute, anyOf: readonly Matcher[]): Test {
  return { attribute, anyOf, noneOf: [] };
}

/** An absent value is taken for an empty one where a match must not hold. */
function named(attribute: Attribute, { match, negated }: NamedMatch): Test {
  const matcher = matcherOf(match);
  if (!negated) return wanted(attribute, [matcher]);
  const matchesEmpty = match.kind !== 'present' && (match.kind === 'regex' || match.value === '');
  return {
    attribute,
    anyOf: [],
    noneOf: [matchesEmpty ? { kind: 'not-modelled', why: 'a value that is absent' } : matcher],
  };
}

function pathMatchers({ kind, value, ignoreCase }: PathMatch): readonly Matcher[] {
  if (ignoreCase) return [{ kind: 'not-modelled', why: 'a path whose case does not count' }];
  switch (kind) {
    case 'exact':
      return [exactly(value)];
    case 'prefix':
      return [beginning(value)];
    case 'elements':
      return [exactly(value), beginning(`${value}/`)];
    default:
      return [expression(value)];
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
      return expression(match.value);
  }
}

function beginning(value: string): Matcher {
  return { kind: 'prefix', value, ignoreCase: false };
}

function expression(value: string): Matcher {
  return { kind: 'not-modelled', why: `what regular expression \`${value}\` matches` };
}

/** Sets know hosts without regard to case. */
function ignoringCase(matcher: Matcher): Matcher {
  return 'ignoreCase' in matcher ? { ...matcher, ignoreCase: true } : matcher;
}
