import type { GateStatus } from '../../gate/gate.js';
import { asComment, changeBlock, code, escaped, undecidedItems } from '../diff/markdown.js';
import { toldChanges } from '../diff/tell.js';
import { worstFirst } from '../diff/worst-first.js';
import {
  answerOf,
  checkInWords,
  type GateReport,
  guardrailsInWords,
  reachInWords,
  reachReasons,
} from './gate-report.js';
import { placesOf } from './text.js';

/** By this line whoever posts it finds the comment that it posted before. */
const marker = '<!-- ambit:gate -->';

/** How many changes are told below a check. */
const mostTold = 15;

const signs: Readonly<Record<GateStatus, string>> = { passed: '✅', closed: '⛔', undecided: '❔' };

/** The answer as a comment on a pull request. */
export function gateToMarkdown(report: GateReport): string {
  const { sides, checks, reaches, status } = report;
  const places = placesOf(report);
  const blocks = [
    marker,
    `### ${signs[status]} Gate`,
    escaped(answerOf(report)),
    ...guardrailsInWords(report).map((text) => `#### ${signs[report.guardrails]} ${escaped(text)}`),
    ...checks.flatMap((checked) => {
      const told = toldChanges({ ...sides, changes: checked.changes });
      const { shown, left } = worstFirst(told, mostTold, ': `ambit gate -o json` has all of them');
      return [
        `#### ${signs[checked.status]} ${escaped(checkInWords(checked))}`,
        ...shown.map(changeBlock),
        ...left,
        ...undecidedItems(checked.changes.undecided),
      ];
    }),
    ...reaches.flatMap((reach) => [
      `#### ${signs[reach.status]} ${escaped(reachInWords(reach))}`,
      ...(reach.status === 'passed'
        ? []
        : [
            reachReasons(reach, places)
              .map((line) => `- ${code(line.trim())}`)
              .join('\n'),
          ]),
    ]),
  ];
  return asComment(blocks, 'gate');
}
