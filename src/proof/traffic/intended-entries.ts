import type { Test } from '../../algebra/dimension.js';
import { regexMatcher } from '../../algebra/routes/match-tests.js';
import { exactly, type Matcher } from '../../mesh/policies/matcher.js';
import type { Attribute } from '../../mesh/view.js';
import type { TextPattern } from '../../parse/traffic/settings.js';
import type { ResolvedRoute, RouteMatch } from '../../resolve/resolved-traffic.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';
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
export function intendedEntries({ routes, port, host }: Asked): readonly IntendedEntry[] {
  const rest: IntendedEntry = { route: undefined, tests: [], path: undefined };
  return [...routes.flatMap((route) => entriesOf(route, port, host)), rest];
}

function entriesOf(route: ResolvedRoute, port: Asked['port'], host: Asked['host']): readonly IntendedEntry[] {
  const { matches, rewrite } = route;
  if (matches.length === 0) return [{ route, tests: [], path: undefined }];
  const here = matches.filter(
    (match) => (match.port === undefined || isCalled(port, match.port)) && isAsked(host, match),
  );
  return here.flatMap((match): readonly IntendedEntry[] => {
    if (rewrite?.prefix === undefined) return [{ route, tests: testsOf(match, match.paths), path: undefined }];
    return match.paths.map((path) => ({ route, tests: testsOf(match, [path]), path }));
  });
}

/** Whether a match is for a host of a gateway, which it names itself or by a wildcard. */
function isAsked(host: Asked['host'], { hosts }: RouteMatch): boolean {
  return hosts.length === 0 || (host !== undefined && hosts.some(({ value }) => coversName(value, host)));
}

/** Whether a port has a name or number. */
export function isCalled({ name, number }: Asked['port'], wanted: string | number): boolean {
  return typeof wanted === 'number' ? number === wanted : name === wanted;
}

function testsOf(
  { ignoreCase, methods, headers, query, except }: RouteMatch,
  paths: readonly TextPattern[],
): readonly Test[] {
  return [
    ...(paths.length > 0 ? [oneOf('request.path', paths.map(ignoreCase ? matcherInAnyCase : matcherOf))] : []),
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

function matcherInAnyCase({ kind, value }: TextPattern): Matcher {
  const literal = escapeRegExp(value);
  const expressions = { exact: literal, prefix: `${literal}.*`, suffix: `.*${literal}`, any: '.*', regex: value };
  return regexMatcher(`(?i)${expressions[kind]}`);
}
