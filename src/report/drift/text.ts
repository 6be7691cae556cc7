import { changeLines, inJson, mostTold, undecidedBlocks } from '../diff/text.js';
import { worstFirst } from '../diff/worst-first.js';
import { printable } from '../display-width.js';
import { type Page, wrap } from '../layout.js';
import { type DriftReport, driftInWords, toldDrift } from './drift-report.js';

/** The answer for a person: in a line, then each request that is treated otherwise, and the object that makes it so. */
export function driftToText(report: DriftReport, page: Page): string {
  const told = toldDrift(report);
  const { shown, left } = worstFirst(told, mostTold, inJson);
  const blocks = [
    wrap(printable(driftInWords(report)), page.columns),
    ...shown.map((each) => changeLines(each, page)),
    ...left.map((line) => [line]),
    ...undecidedBlocks(report.drift.changes.undecided, page),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
