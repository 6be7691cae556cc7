import { preflightHeaders } from '../../policies/token-places.js';
import type { Truth } from '../../truth.js';
import type { RouteMatch } from '../route.js';
import { anyProxy } from '../route.js';
import type { RouteEntry, RouteTable, RouteTables } from '../table.js';
import { type Followed, outcomesOf, preflightDoubt, undecided, unmatched } from './follow.js';
import { type RoutedRequest, textMatches } from './matching.js';

/** What a proxy does with all requests: what each entry of its table decides, and what none does. */
export function followAll({ tables, open }: RouteTables, sent: RoutedRequest): readonly Followed[] {
  const [first, ...others] = tables;
  if (first === undefined) return [];
  if (others.some((other) => !isAlike(first, other))) return [undecided(open)];
  const table = withPreflights(first);
  const decided = table.entries.map((entry, index): Followed => {
    const { rule, match, isOfPreflights } = entry;
    const outcomes = isOfPreflights ? [preflightDoubt] : outcomesOf(rule, match, sent);
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

/** Where CORS may answer preflight requests they are told from the others of an entry. */
function withPreflights({ entries, routes }: RouteTable): RouteTable {
  const split = entries.flatMap((entry): readonly RouteEntry[] => {
    if (!entry.rule.answersPreflights || mayBePreflight(entry.match) === 'no') return [entry];
    return [{ rule: entry.rule, match: ofPreflights(entry.match ?? everything), isOfPreflights: true }, entry];
  });
  return { entries: split, routes };
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

function mayBePreflight(match: RouteMatch | undefined): Truth {
  return match?.method === undefined ? 'yes' : textMatches(match.method, 'OPTIONS');
}

function ofPreflights(match: RouteMatch): RouteMatch {
  const present = preflightHeaders.map((name) => ({ name, match: { kind: 'present' }, negated: false }) as const);
  const doubt = mayBePreflight(match) === 'yes' ? match.doubt : 'a method that may be that of preflight requests';
  return { ...match, method: { kind: 'exact', value: 'OPTIONS' }, headers: [...match.headers, ...present], doubt };
}
