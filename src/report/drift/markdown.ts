import type { LackingKind } from '../../changes/dump.js';
import { changeBlock, escaped, undecidedItem } from '../diff/markdown.js';
import { counted } from '../words.js';
import { type DriftReport, driftInWords, toldDrift } from './drift-report.js';

/** By this line whoever posts it finds what it posted before. */
const marker = '<!-- ambit:drift -->';

/** How many changes are told, the worst first: a comment has room for some 65,000 characters. */
const mostTold = 30;

/** The answer as a comment or an issue. */
export function driftToMarkdown(report: DriftReport): string {
  const told = toldDrift(report);
  const rest = told.length - mostTold;
  const blocks = [
    marker,
    `### ${told.length === 0 ? '✅' : '⚠️'} Drift`,
    escaped(driftInWords(report)),
    ...told.slice(0, mostTold).map(changeBlock),
    ...(rest > 0 ? [`and ${counted(rest, 'more change')}: \`ambit drift -o json\` has all of them`] : []),
    ...report.drift.changes.undecided.map(undecidedItem),
    ...report.lacking.map(lackingItem),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function lackingItem({ cluster, kind, count }: LackingKind): string {
  return `- ❔ the dump of cluster ${escaped(cluster)} holds no ${kind}, and the project has ${count}: all are taken to be gone`;
}
