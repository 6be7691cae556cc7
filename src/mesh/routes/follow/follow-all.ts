import { asksNothing } from '../owner/choosing.js';
import type { RouteMatch, RouteRule } from '../route.js';
import type { RouteEntry, RouteTable, RouteTables } from '../table.js';
import { type Followed, outcomesOf, undecided, unmatched } from './follow.js';
import type { RoutedRequest } from './matching.js';
import { preflightEntries } from './preflights.js';

/** What a proxy does with all requests: what each entry of its table decides, and what none does. */
export function followAll({ tables, open }: RouteTables, sent: RoutedRequest): readonly Followed[] {
  const [first, ...others] = tables;
  if (first === undefined) return [];
  if (others.some((other) => !isAlike(first, other))) return [undecided(open)];
  const table = withPreflights(first);
  const decided = table.entries.map((entry, index): Followed => {
    const { rule, match, isOfPreflights } = entry;
    const outcomes = outcomesOf(rule, match, sent, isOfPreflights ? 'yes' : 'no');
    return { rule, match, outcomes, choice: { table, entry: index, sent } };
  });
  return [...decided, { ...unmatched, choice: { table, entry: decided.length, sent } }];
}

function isAlike(left: RouteTable, right: RouteTable): boolean {
  return isSame(left.entries, right.entries) || whatDecides(left) === whatDecides(right);
}

function isSame(left: readonly RouteEntry[], right: readonly RouteEntry[]): boolean {
  if (left.length !== right.length) return false;
  return left.every(({ rule, match }, index) => right[index]?.rule === rule && right[index]?.match === match);
}

/**
 * What the rules of a table say, wherever they are written: one behind another for the same requests, or behind one for all of
 * them, decides nothing.
 */
function whatDecides({ entries }: RouteTable): string {
  const end = entries.findIndex(({ match }) => match === undefined || asksNothing(match));
  const reached = end < 0 ? entries : entries.slice(0, end + 1);
  const byMatch = new Map<string, RouteRule>();
  for (const { match, rule } of reached) {
    const asked = textOf(whatIsAsked(match));
    if (!byMatch.has(asked)) byMatch.set(asked, rule);
  }
  return textOf([...byMatch].map(([asked, { origin, matches, ...rule }]) => [asked, rule]));
}

/** Every path begins with a slash. */
function whatIsAsked(match: RouteMatch | undefined): object {
  if (match === undefined || asksNothing(match)) return {};
  const { proxy, path, ...others } = match;
  return path?.kind === 'prefix' && path.value === '/' ? others : { path, ...others };
}

function textOf(value: object): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === 'place' ? undefined : inner));
}

/** The preflight requests that CORS answers are told from the others of an entry. */
function withPreflights({ entries, routes }: RouteTable): RouteTable {
  return { entries: entries.flatMap((entry) => [...preflightEntries(entry), entry]), routes };
}
