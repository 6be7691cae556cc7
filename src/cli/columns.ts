import type { Host, OutputStream } from './files/host.js';

/** What a pipe or a file gets: logs and reviews show as much without a scroll bar. */
const columnsOfFile = 100;

/** Sentences over wider lines are hard to follow. */
const mostColumns = 120;

/** Below this, no table or frame can be told apart from its neighbour. */
const leastColumns = 40;

/** How wide lines may be: as COLUMNS says, else as wide as the terminal, within what a person can read. */
export function columnsOf({ environment }: Pick<Host, 'environment'>, stream: OutputStream): number {
  const said = Number(environment.COLUMNS);
  if (Number.isInteger(said) && said > 0) return Math.max(said, leastColumns);
  const own = stream.isTerminal ? stream.columns : undefined;
  return Math.min(Math.max(own || columnsOfFile, leastColumns), mostColumns);
}
