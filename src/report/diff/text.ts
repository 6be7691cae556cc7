import { printable } from '../display-width.js';
import { hanging, type Page, wrap } from '../layout.js';
import { counted } from '../words.js';
import type { DiffReport, ToldChange } from './diff-report.js';
import { answerInWords, othersInWords, toldChanges } from './tell.js';
import { titleOf } from './titles.js';
import { verdictOf } from './verdict.js';

/** How many changes are told in full, the worst first; all others are counted. */
const mostTold = 50;

/** A comparison for a person: the answer in a line, then each change with its witness and the line behind it. */
export function diffToText(report: DiffReport, page: Page): string {
  const told = toldChanges(report);
  const rest = told.length - mostTold;
  const blocks = [
    wrap(printable(verdictOf(report)), page.columns),
    ...told.slice(0, mostTold).map((each) => changeLines(each, page)),
    ...(rest > 0 ? [[`and ${counted(rest, 'more change')}, all of them with \`-o json\``]] : []),
    ...report.changes.undecided.map(({ fact, places }) => {
      const where = places.length === 0 ? '' : ` (${counted(places.length, 'place')})`;
      return hanging(`${page.pen.yellow('?')} `, printable(`not compared${where}: ${fact}`), page.columns);
    }),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function changeLines({ change, diagnostic, causes, witness }: ToldChange, page: Page): readonly string[] {
  const { pen, columns } = page;
  const { sign, isWorse } = titleOf(change.kind);
  const paint = isWorse ? pen.red : diagnostic.severity === 'warning' ? pen.yellow : pen.cyan;
  const fact = (name: string, text: string) => hanging(`    ${name.padEnd(8)}`, printable(text), columns);
  return [
    ...hanging(`${paint.bold(sign)} ${pen.dim(diagnostic.code)} `, printable(diagnostic.message), columns),
    ...(witness === undefined
      ? []
      : [
          ...fact('request', witness.request),
          ...fact('before', answerInWords(witness.before)),
          ...fact('after', answerInWords(witness.after)),
          ...(witness.after.command === undefined ? [] : [`    trace   ${printable(witness.after.command)}`]),
        ]),
    ...causes.flatMap(({ text, place }) => [
      ...fact('because', text),
      ...(place === undefined ? [] : [`            ${printable(`${place.file}:${place.line}`)}`]),
    ]),
    ...othersInWords(change).flatMap((text) => fact('also', text)),
  ];
}
