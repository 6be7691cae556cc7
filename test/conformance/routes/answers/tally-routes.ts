import { type Relation, relations } from '../../answers/compare.js';
import type { RouteTheme } from '../cases/theme.js';
import type { Followed } from './compare-ends.js';
import { explanationOfRoute } from './explanations.js';

export interface RouteLine {
  cases: number;
  readonly counts: Record<Relation, number>;
  explained: number;
  /** Of proxies: timeouts, retries, connections and the like. */
  settings: number;
  unlike: number;
}

/** What was asked, by what routes are written in and the proxies that route. */
export type RouteTally = Map<string, RouteLine>;

export function countRoutes(tally: RouteTally, { kind, proxy }: RouteTheme, compared: readonly Followed[]): void {
  const key = `${kind} | ${proxy}`;
  const line = tally.get(key) ?? emptyLine();
  tally.set(key, line);
  line.cases += 1;
  for (const each of compared) {
    line.counts[each.relation] += 1;
    if (each.relation === 'contradiction' && explanationOfRoute(each) !== undefined) line.explained += 1;
    for (const { count, unlike } of each.settings) {
      line.settings += count;
      line.unlike += unlike.length;
    }
  }
}

function emptyLine(): RouteLine {
  return { cases: 0, counts: countsOf(() => 0), explained: 0, settings: 0, unlike: 0 };
}

function countsOf(make: (relation: Relation) => number): Record<Relation, number> {
  return Object.fromEntries(relations.map((relation) => [relation, make(relation)])) as Record<Relation, number>;
}

/** The table of docs/verification.md. */
export function tableOfRoutes(tally: RouteTally): string {
  const lines = [...tally].sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    '| Routes | at a | cases | requests | same | stopped by both, with another status | not modelled | not covered by the judge | other | of these explained | settings | unlike, all explained |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines.map(([key, line]) => rowOf(key, line)),
    rowOf('**all** | ', sumOf([...tally.values()])),
  ].join('\n');
}

function rowOf(key: string, { cases, counts, explained, settings, unlike }: RouteLine): string {
  const numbers = relations.map((relation) => counts[relation]);
  const asked = numbers.reduce((sum, number) => sum + number, 0);
  return `| ${[key, ...[cases, asked, ...numbers, explained, settings, unlike].map((number) => number.toLocaleString('en'))].join(' | ')} |`;
}

function sumOf(lines: readonly RouteLine[]): RouteLine {
  return {
    cases: lines.reduce((sum, { cases }) => sum + cases, 0),
    counts: countsOf((relation) => lines.reduce((sum, { counts }) => sum + counts[relation], 0)),
    explained: lines.reduce((sum, { explained }) => sum + explained, 0),
    settings: lines.reduce((sum, { settings }) => sum + settings, 0),
    unlike: lines.reduce((sum, { unlike }) => sum + unlike, 0),
  };
}
