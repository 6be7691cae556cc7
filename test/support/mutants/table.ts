import type { Mutant, Mutation } from './mutation.js';

/** How many mutants of each kind had which fate. */
export type Counts = ReadonlyMap<string, Map<string, number>>;

export function countsFor(mutations: readonly Mutation[]): Counts {
  return new Map(mutations.map(({ kind }) => [kind, new Map<string, number>()]));
}

export function addTo(counts: Counts, kind: string, fate: string): void {
  const row = counts.get(kind);
  row?.set(fate, (row.get(fate) ?? 0) + 1);
}

/** A table of docs/verification.md, with a column for each fate. */
export function tableOf(counts: Counts, columns: readonly string[]): string {
  const row = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  const rows = [...counts].map(([kind, fates]) => [kind, ...columns.map((fate) => fates.get(fate) ?? 0)]);
  const sums = columns.map((_, index) => rows.reduce((sum, cells) => sum + Number(cells[index + 1]), 0));
  return [
    row(['Mutation', ...columns]),
    row(['---', ...columns.map(() => '---:')]),
    ...rows.map(row),
    row(['**all**', ...sums.map((sum) => `**${sum}**`)]),
  ].join('\n');
}

/** One mutant of some, always the same ones, and every added value: ports that only a policy mentions are seldom met. */
export function isInSample(subject: string, { kind, what }: Mutant, of: number): boolean {
  const hash = [...`${subject}\n${kind}\n${what}`].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521,
    7,
  );
  return kind === 'value added' || hash % of === 0;
}
