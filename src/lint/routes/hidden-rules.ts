import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { ConnectionMatch, Origin, Route, RouteMatch, RouteRule } from '../../mesh/routes/route.js';
import { type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { covers, coversConnection } from './covering.js';
import { connectionIndex, type MatchIndex, requestIndex } from './covering-index.js';
import { allRoutes } from './route-rules.js';
import { sampleOf } from './samples.js';
import { lawsOf } from './shown.js';

/** Rules of one VirtualService, and matches of them, that decide nothing: an earlier one takes what they are for (T-10). */
export function hiddenRules(context: LintContext): readonly Diagnostic[] {
  return allRoutes(context)
    .filter(({ route }) => route.reach === 'by-host')
    .flatMap(({ route }) => [
      ...hidingsIn(route.http, httpMatches).flatMap((hidden) =>
        findings(hidden, (rule) => shownBy(route, hidden, rule)),
      ),
      ...[...hidingsIn(route.tls, connectionMatches), ...hidingsIn(route.tcp, connectionMatches)].flatMap((hidden) =>
        findings(hidden, () => undefined),
      ),
    ]);
}

/** A rule; without matches it is for everything. */
interface Ruled<M> {
  readonly origin: Origin;
  readonly matches: readonly M[];
}

/** A rule of which earlier matches take some or all. */
interface Hidden<R> {
  readonly rule: R;
  readonly isWhole: boolean;
  /** Each match that takes nothing, and the rule that takes its requests, which may be the same. */
  readonly taken: ReadonlyArray<{ readonly place: Path; readonly by: R }>;
}

/** How matches cover each other, and under what they are found. */
interface Matching<M> extends MatchIndex<M> {
  readonly covers: (earlier: M | undefined, later: M | undefined) => boolean;
}

const httpMatches: Matching<RouteMatch> = { covers, ...requestIndex };
const connectionMatches: Matching<ConnectionMatch> = { covers: coversConnection, ...connectionIndex };

function hidingsIn<M extends { readonly place: Path }, R extends Ruled<M>>(
  rules: readonly R[],
  matching: Matching<M>,
): ReadonlyArray<Hidden<R>> {
  const earlier = indexOfMatches<M, R>(matching);
  return rules.flatMap((rule) => {
    const matches = rule.matches.length === 0 ? [undefined] : rule.matches;
    const taken = matches.flatMap((match) => {
      const by = earlier.firstCovering(match);
      earlier.add(match, rule);
      return by === undefined ? [] : [{ place: match?.place ?? rule.origin.place, by }];
    });
    const isWhole = taken.length === matches.length && taken.every(({ by }) => by !== rule);
    return taken.length === 0 ? [] : [{ rule, isWhole, taken }];
  });
}

/** The matches so far, each with its rule; of several that cover one the first decides. */
function indexOfMatches<M, R>({ covers, keysOf, keysCovering }: Matching<M>) {
  const known = new Map<string, Array<Kept<M, R>>>();
  let order = 0;
  return {
    firstCovering: (match: M | undefined): R | undefined =>
      keysCovering(match)
        .flatMap((key) => known.get(key)?.find((each) => covers(each.match, match)) ?? [])
        .reduce<Kept<M, R> | undefined>((first, each) => (first && first.order < each.order ? first : each), undefined)
        ?.rule,
    add: (match: M | undefined, rule: R): void => {
      order += 1;
      for (const key of keysOf(match)) {
        const sharing = known.get(key);
        if (sharing === undefined) known.set(key, [{ match, rule, order }]);
        else sharing.push({ match, rule, order });
      }
    },
  };
}

interface Kept<M, R> {
  readonly match: M | undefined;
  readonly rule: R;
  readonly order: number;
}

function findings<M, R extends Ruled<M>>(
  { rule, isWhole, taken }: Hidden<R>,
  witnessOf: (rule: R) => string | undefined,
): readonly Diagnostic[] {
  const { object } = rule.origin;
  const route = describe(object);
  const law = lawsOf('the first rule that matches decides (istio-traffic-topology T-10)');
  const [first] = taken;
  if (isWhole && first !== undefined) {
    const parameters = { rule: nameOf(rule.origin), route, by: nameOf(first.by.origin) };
    const witness = witnessOf(first.by);
    const details = { ...law, ...(witness !== undefined && { witness }) };
    return [diagnostic('rule-hidden', parameters, spanIn(object, rule.origin.place), details)];
  }
  return taken.map(({ place, by }) => {
    const whose = by === rule ? 'an earlier match of the same rule' : `rule ${nameOf(by.origin)}`;
    return diagnostic('match-hidden', { rule: nameOf(rule.origin), route, by: whose }, spanIn(object, place), law);
  });
}

function shownBy(route: Route, { rule }: Hidden<RouteRule>, by: RouteRule): string | undefined {
  const sample = sampleOf(route, rule);
  return sample && `${sample} is decided by rule ${nameOf(by.origin)}`;
}

/** Its name, or its place among the others as people count. */
function nameOf({ name, place }: Origin): string {
  return name === undefined ? String(Number(place.at(-1)) + 1) : `\`${name}\``;
}
