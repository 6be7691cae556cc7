import type { LackingKind } from '../../changes/dump.js';
import { asComment, changeBlock, escaped, mostTold, undecidedItems } from '../diff/markdown.js';
import { worstFirst } from '../diff/worst-first.js';
import { type DriftReport, driftInWords, toldDrift } from './drift-report.js';

/** By this line whoever posts it finds what it posted before. */
const marker = '<!-- ambit:drift -->';

/** The answer as a comment or an issue. */
export function driftToMarkdown(report: DriftReport): string {
  const told = toldDrift(report);
  const { shown, left } = worstFirst(told, mostTold, ': `ambit drift -o json` has all of them');
  const blocks = [
    marker,
    `### ${told.length === 0 ? '✅' : '⚠️'} Drift`,
    escaped(driftInWords(report)),
    ...shown.map(changeBlock),
    ...left,
    ...undecidedItems(report.drift.changes.undecided),
    ...report.lacking.map(lackingItem),
  ];
  return asComment(blocks, 'drift');
}

function lackingItem({ cluster, kind, count }: LackingKind): string {
  return `- ❔ the dump of cluster ${escaped(cluster)} holds no ${kind}, and the project has ${count}: all are taken to be gone`;
}
