import { compareText } from './order.js';

/** The known names that are close enough to what was refused to be meant by it, which never is itself: nearest first, at most four. */
export function suggest(written: string, known: Iterable<string>): string[] {
  const reach = Math.max(1, Math.floor(written.length * 0.4));
  return [...new Set(known)]
    .filter((name) => name !== written)
    .map((name) => ({ name, distance: editDistance(written.toLowerCase(), name.toLowerCase(), reach) }))
    .filter(({ distance }) => distance <= reach)
    .sort((left, right) => left.distance - right.distance || compareText(left.name, right.name))
    .slice(0, 4)
    .map(({ name }) => name);
}

/** The help that offers names; none where there are none. */
export function didYouMean(names: readonly string[]): { readonly help?: string } {
  return names.length === 0 ? {} : { help: `did you mean ${names.map((name) => `\`${name}\``).join(' or ')}?` };
}

/** Whether two words are the same but for their case, or for one letter that is missing, surplus, wrong or swapped with its neighbour. */
export function isOneSlip(written: string, meant: string): boolean {
  return editDistance(written.toLowerCase(), meant.toLowerCase(), 1) <= 1;
}

/** Optimal string alignment distance (insert, delete, replace, swap neighbours); anything above `limit` may be returned as limit + 1. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      let best = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + cost);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, at(beforePrevious, column - 2) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
