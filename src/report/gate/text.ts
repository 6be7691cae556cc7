import type { GateStatus } from '../../gate/gate.js';
import { writtenSourceIntents } from '../../trace/source-intents.js';
import { toldChanges } from '../diff/tell.js';
import { changeLines, inJson, undecidedBlocks } from '../diff/text.js';
import { worstFirst } from '../diff/worst-first.js';
import { printable } from '../display-width.js';
import { hanging, type Page, wrap } from '../layout.js';
import type { Places } from '../tests.js';
import {
  answerOf,
  checkInWords,
  commandLine,
  type GateReport,
  guardrailsInWords,
  reachInWords,
  reachReasons,
} from './gate-report.js';

/** How many changes are told below a check, the worst first; all others are counted. */
const mostTold = 20;

/** The answer for a person: one line, then each check and what stands in its way. */
export function gateToText(report: GateReport, page: Page): string {
  const { sides, checks, reaches } = report;
  const places = placesOf(report);
  const title = (status: GateStatus, text: string) =>
    hanging(`${markOf(status, page)} `, printable(text), page.columns);
  const blocks = [
    wrap(printable(answerOf(report)), page.columns),
    ...guardrailsInWords(report).map((text) => title(report.guardrails, text)),
    ...checks.map((checked) => {
      const told = toldChanges({ ...sides, changes: checked.changes });
      const { shown, left } = worstFirst(told, mostTold, inJson);
      const below = [
        ...shown.flatMap((each) => changeLines(each, page)),
        ...left,
        ...undecidedBlocks(checked.changes.undecided, page).flat(),
      ];
      return [...title(checked.status, checkInWords(checked)), ...below.map((line) => `  ${line}`)];
    }),
    ...reaches.map((reach) => [
      ...title(reach.status, reachInWords(reach)),
      ...reachReasons(reach, places).flatMap((line) => hanging('    ', printable(line), page.columns)),
    ]),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Lines of what is compiled and of manifests alike, as the side after the change has them. */
export function placesOf({ sides: { after } }: GateReport): Places {
  return {
    displayPath: (path) => (path === commandLine ? path : after.displayPath(path)),
    sourceIntentsOf: writtenSourceIntents,
    acceptanceAt: () => undefined,
    inputs: after.inputs,
  };
}

function markOf(status: GateStatus, { pen }: Page): string {
  if (status === 'passed') return pen.green('ok');
  return status === 'closed' ? pen.red('no') : pen.yellow('??');
}
