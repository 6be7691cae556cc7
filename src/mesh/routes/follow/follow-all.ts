import type { RouteTable, RouteTables } from '../table.js';
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
  if (left.entries.length !== right.entries.length) return false;
  return left.entries.every(({ rule, match }, index) => {
    const other = right.entries[index];
    return other?.rule === rule && other.match === match;
  });
}

/** The preflight requests that CORS answers are told from the others of an entry. */
function withPreflights({ entries, routes }: RouteTable): RouteTable {
  return { entries: entries.flatMap((entry) => [...preflightEntries(entry), entry]), routes };
}
