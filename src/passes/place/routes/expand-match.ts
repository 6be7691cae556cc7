import type { NamedText, PlacedMatch, PlacedText } from '../../../ir/placed-traffic.js';
import type { NamedPatterns, TextPattern } from '../../../parse/traffic/settings.js';
import type { RouteMatch } from '../../../resolve/resolved-traffic.js';
import { escapeRegExp } from '../../../util/escape-reg-exp.js';

/** One match with several values a field as matches with one value each, of which one must hold. */
export function expandMatch(
  { methods, headers, query, port, except }: RouteMatch,
  paths: readonly PlacedText[],
  portNumber: (port: string | number) => number,
  textOf: (pattern: TextPattern) => PlacedText,
): PlacedMatch[] {
  const named = (patterns: readonly NamedPatterns[]) =>
    product(patterns.map(({ name, values }) => values.map((value) => ({ name: name.value, text: textOf(value) }))));
  const without = except.map(({ name, values }) => ({ name: name.value, text: anyOf(values, textOf) }));
  const all = combine(
    paths.length > 0 ? paths : [undefined],
    methods.length > 0 ? methods : [undefined],
    named(headers),
    named(query),
    port === undefined ? undefined : portNumber(port),
  );
  return all.map((match) => ({ ...match, without }));
}

/**
 * One text that stands for each of several. Whatever is asked of a header that must not have it, an absent one counts as
 * empty; `*` alone asks whether it is there (F-01).
 */
function anyOf(values: readonly TextPattern[], textOf: (pattern: TextPattern) => PlacedText): PlacedText {
  if (values.some(({ kind }) => kind === 'any')) return { kind: 'regex', value: '*' };
  const [only] = values;
  if (values.length === 1 && only) return textOf(only);
  return { kind: 'regex', value: values.map((value) => asRegex(value).value).join('|') };
}

function combine(
  paths: ReadonlyArray<PlacedText | undefined>,
  methods: ReadonlyArray<string | undefined>,
  headers: ReadonlyArray<readonly NamedText[]>,
  query: ReadonlyArray<readonly NamedText[]>,
  port: number | undefined,
): ReadonlyArray<Omit<PlacedMatch, 'without'>> {
  return paths.flatMap((path) =>
    methods.flatMap((method) =>
      headers.flatMap((header) =>
        query.map((parameter) => ({ path, method, headers: header, query: parameter, port })),
      ),
    ),
  );
}

/** Every way to take one of each list; of no lists, the one way that takes nothing. */
function product<T>(lists: ReadonlyArray<readonly T[]>): T[][] {
  return lists.reduce<T[][]>((ways, list) => ways.flatMap((way) => list.map((item) => [...way, item])), [[]]);
}

/** A pattern as a regular expression for the whole text. */
export function asRegex({ kind, value }: TextPattern): PlacedText {
  const literal = escapeRegExp(value);
  const expressions = { exact: literal, prefix: `${literal}.*`, suffix: `.*${literal}`, any: '.*', regex: value };
  return { kind: 'regex', value: expressions[kind] };
}

/** The same text in upper and lower case; an expression says so itself. */
export function ignoringCase({ kind, value }: PlacedText): PlacedText {
  return kind === 'regex' ? { kind, value: `(?i)${value}` } : { kind, value, ignoreCase: true };
}
