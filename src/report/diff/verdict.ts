import { groupBy } from '../../util/order.js';
import { counted } from '../words.js';
import type { DiffReport } from './diff-report.js';
import { titleOf } from './titles.js';

/** The answer in a line: what changes from one side to the other, or that nothing does. */
export function verdictOf({ before, after, changes, isSameText }: DiffReport): string {
  const { places, touched, ways } = changes.compared;
  const sides = `from ${before.label} to ${after.label}`;
  const counts = [...groupBy(changes.changes, ({ kind }) => kind)].map(
    ([kind, all]) => `${all.length} × ${titleOf(kind).title}`,
  );
  if (counts.length > 0) return `${sides}: ${counts.join(', ')}`;
  if (changes.undecided.some(({ isCrossing }) => !isCrossing))
    return `${sides}: no change in meaning was found, and not all could be compared`;
  if (isSameText) return `${sides}: no change: both read the same texts`;
  const how = touched === 0 ? 'nothing that decides differs' : `${counted(ways, 'way')} to ${touched} of them compared`;
  return `${sides}: no change in meaning, proved for ${
    places === 1 ? 'the one destination' : `all ${places} destinations`
  } (${how})`;
}
