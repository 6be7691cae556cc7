import type { Change } from '../../changes/change.js';
import { rangeOf } from '../../diagnostics/position.js';
import { callersInWords } from '../diff/tell.js';
import { titleOf } from '../diff/titles.js';
import type { Findings } from '../formats/findings.js';

/** One change of access in a line: for whom, where, with which requests, and by which line. */
export function changeInWords(
  { kind, place, others, callers, requests, causes }: Change,
  displayPath: Findings['displayPath'],
): string {
  const who = callers === undefined ? '' : ` for ${callersInWords(callers)}`;
  const where = [place, ...others].map((each) => `${each.kind} ${each.name}`).join(', ');
  const what = requests === undefined ? '' : `: ${requests}`;
  const lines = causes.flatMap(({ side, what: object, span }) =>
    side === 'before' && span !== null ? [`${object}, ${displayPath(span.file.path)}:${rangeOf(span).start.line}`] : [],
  );
  const why = lines.length === 0 ? '' : ` (${lines.join('; ')})`;
  return `${titleOf(kind).title}${who} at ${where}${what}${why}`;
}
