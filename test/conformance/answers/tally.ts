import { sortBy } from '../../../src/util/order.js';
import { type Compared, type Relation, relations } from './compare.js';
import { explanationOf } from './explanations.js';

/** How many requests of a source of cases stand in which relation. */
export interface Line {
  cases: number;
  readonly counts: Record<Relation, number>;
  /** Contradictions that an entry explains. */
  explained: number;
}

export type Tally = Map<string, Line>;

export function lineOf(tally: Tally, source: string): Line {
  const line = tally.get(source) ?? {
    cases: 0,
    counts: { same: 0, 'denied otherwise': 0, 'not modelled': 0, 'not covered': 0, contradiction: 0 },
    explained: 0,
  };
  tally.set(source, line);
  return line;
}

export function count(line: Line, compared: readonly Compared[]): void {
  line.cases += 1;
  for (const each of compared) {
    line.counts[each.relation] += 1;
    if (each.relation === 'contradiction' && explanationOf(each) !== undefined) line.explained += 1;
  }
}

/** The table of docs/verification.md. */
export function tableOf(tally: Tally): string {
  const rows = sortBy(tally, ([source]) => source).map(([source, line]) => rowOf(source, line));
  return [
    '| Cases from | cases | requests | same | denied by both, with another status | not modelled | not covered by the judge | one allows, the other denies | of these explained |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    rowOf('**all**', sumOf([...tally.values()])),
  ].join('\n');
}

function rowOf(source: string, { cases, counts, explained }: Line): string {
  const numbers = relations.map((relation) => counts[relation]);
  const asked = numbers.reduce((sum, number) => sum + number, 0);
  return `| ${[source, ...[cases, asked, ...numbers, explained].map((number) => number.toLocaleString('en'))].join(' | ')} |`;
}

function sumOf(lines: readonly Line[]): Line {
  const tally: Tally = new Map();
  const sum = lineOf(tally, '');
  for (const { cases, counts, explained } of lines) {
    sum.cases += cases;
    sum.explained += explained;
    for (const relation of relations) sum.counts[relation] += counts[relation];
  }
  return sum;
}
