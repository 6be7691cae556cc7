import { changeLines, undecidedLines } from '../diff/text.js';
import { printable } from '../display-width.js';
import { type Page, wrap } from '../layout.js';
import { counted } from '../words.js';
import { type DriftReport, driftInWords, toldDrift } from './drift-report.js';

/** How many changes are told, the worst first; all others are counted. */
const mostTold = 50;

/** The answer for a person: in a line, then each request that is treated otherwise, and the object that makes it so. */
export function driftToText(report: DriftReport, page: Page): string {
  const told = toldDrift(report);
  const rest = told.length - mostTold;
  const blocks = [
    wrap(printable(driftInWords(report)), page.columns),
    ...told.slice(0, mostTold).map((each) => changeLines(each, page)),
    ...(rest > 0 ? [[`and ${counted(rest, 'more change')}, all of them with \`-o json\``]] : []),
    ...report.drift.changes.undecided.map((each) => undecidedLines(each, page)),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
