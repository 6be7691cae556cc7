import type { Test } from '../../algebra/dimension.js';
import { regexMatcher } from '../../algebra/routes/match-tests.js';
import { exactly, type Matcher } from '../../mesh/policies/matcher.js';
import type { Attribute } from '../../mesh/view.js';
import type { TextPattern } from '../../parse/traffic/settings.js';
import type { ResolvedRoute, RouteMatch } from '../../resolve/resolved-traffic.js';
import type { Asked } from './asked.js';

/** One thing that intents do with some requests. Of several whose requests are the same the first counts. */
export interface IntendedEntry {
  /** Absent: no route is for these requests, and they are answered 404. */
  readonly route: ResolvedRoute | undefined;
  /** All that one match asks of a request; none: every request. */
  readonly tests: readonly Test[];
  /** By what the path was matched, where a rewrite replaces that. */
  readonly path: TextPattern | undefined;
}

/** What routes ask of requests to a port, in their order, and last what becomes of the rest. */
export function intendedEntries({ routes, port }: Asked): readonly IntendedEntry[] {
  const rest: IntendedEntry = { route: undefined, tests: [], path: undefined };
  return [...routes.flatMap((route) => entriesOf(route, port)), rest];
}

function entriesOf(route: ResolvedRoute, port: Asked['port']): readonly IntendedEntry[] {
  const { matches, rewrite } = route;
  if (matches.length === 0) return [{ route, tests: [], path: undefined }];
  const here = matches.filter((match) => match.port === undefined || isCalled(port, match.port));
  return here.flatMap((match): readonly IntendedEntry[] => {
    if (rewrite?.prefix === undefined) return [{ route, tests: testsOf(match, match.paths), path: undefined }];
    return match.paths.map((path) => ({ route, tests: testsOf(match, [path]), path }));
  });
}

/** Whether a port has a name or number. */
export function isCalled({ name, number }: Asked['port'], wanted: string | number): boolean {
  return typeof wanted === 'number' ? number === wanted : name === wanted;
}

function testsOf({ methods, headers, query, except }: RouteMatch, paths: readonly TextPattern[]): readonly Test[] {
  return [
    ...(paths.length > 0 ? [oneOf('request.path', paths.map(matcherOf))] : []),
    ...(methods.length > 0 ? [oneOf('request.method', methods.map(exactly))] : []),
    ...headers.map(({ name, values }) => oneOf(headerNamed(name.value), values.map(matcherOf))),
    ...query.map(({ name, values }) => oneOf(`request.query[${name.value}]`, values.map(matcherOf))),
    ...except.map(({ name, values }) => ({
      attribute: headerNamed(name.value),
      anyOf: [],
      noneOf: values.map(matcherOf),
    })),
  ];
}

function headerNamed(name: string): Attribute {
  return `request.headers[${name.toLowerCase()}]`;
}

function oneOf(attribute: Attribute, anyOf: readonly Matcher[]): Test {
  return { attribute, anyOf, noneOf: [] };
}

function matcherOf({ kind, value }: TextPattern): Matcher {
  switch (kind) {
    case 'exact':
      return exactly(value);
    case 'any':
      return { kind: 'present' };
    case 'regex':
      return regexMatcher(value);
    default:
      return { kind, value, ignoreCase: false };
  }
}
