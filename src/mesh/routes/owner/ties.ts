import { groupBy } from '../../../util/order.js';
import { openRule } from '../open-rule.js';
import type { Route, RouteMatch, RouteRule } from '../route.js';
import { namesOf } from '../table.js';
import { bothMatch } from './both-match.js';

/** A rule, and the route that it is of. */
export interface RuleOf {
  readonly rule: RouteRule;
  readonly route: Route;
}

/** More rules for one path than these are not compared one by one: what any of them is for is then open. */
const most = 32;

/**
 * Rules of one rank go by the age of their routes (T-19). Where manifests do not tell it, a rule before them says of the
 * requests which two of them are for, and treat differently, that it is not known which decides.
 */
export function withTies(ranked: readonly RuleOf[]): readonly RouteRule[] {
  const rules = ranked.map(({ rule }) => rule);
  if (new Set(ranked.map(({ route }) => route)).size < 2 || ranked.every(({ route }) => route.created !== '')) {
    return rules;
  }
  const forOnePath = groupBy(ranked, ({ rule: { matches } }) =>
    isExpression(matches[0]) ? '' : matches[0]?.path?.value,
  );
  return [...[...forOnePath.values()].flatMap(tiesAmong), ...rules];
}

function isExpression(match: RouteMatch | undefined): boolean {
  return match?.path?.kind === 'regex';
}

function tiesAmong(rivals: readonly RuleOf[]): readonly RouteRule[] {
  if (rivals.length > most) return rivals.map(({ rule }) => open(rule, rivals));
  const effects = new Map(rivals.map(({ rule }) => [rule, effectOf(rule)]));
  return rivals.flatMap((left, index) =>
    rivals.slice(index + 1).flatMap((right) => {
      if (!isOpen(left.route, right.route) || effects.get(left.rule) === effects.get(right.rule)) return [];
      const matches = common(left.rule, right.rule);
      return matches === undefined ? [] : [{ ...open(left.rule, [left, right]), matches }];
    }),
  );
}

function isOpen(left: Route, right: Route): boolean {
  return left !== right && (left.created === '' || right.created === '');
}

/** What a rule does, wherever it is written. */
function effectOf({ result, abort, cors, mirrors }: RouteRule): string {
  return JSON.stringify([result, abort, cors, mirrors], (key, value) => (key === 'place' ? undefined : value));
}

/** What both are for; `undefined` where that is nothing. A rule without a match is for everything. */
function common(left: RouteRule, right: RouteRule): RouteRule['matches'] | undefined {
  const [one, other] = [left.matches[0], right.matches[0]];
  if (one === undefined || other === undefined) return left.matches.length > 0 ? left.matches : right.matches;
  const both = bothMatch(one, other);
  return both === undefined ? undefined : [both];
}

function open(rule: RouteRule, rivals: readonly RuleOf[]): RouteRule {
  return openRule(rule, `which of ${namesOf(rivals.map(({ route }) => route))} is the oldest (T-19)`);
}
