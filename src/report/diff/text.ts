import type { Undecided } from '../../changes/change.js';
import { printable } from '../display-width.js';
import { hanging, type Page, wrap } from '../layout.js';
import { counted, shortList } from '../words.js';
import type { DiffReport, ToldChange } from './diff-report.js';
import { answerInWords, othersInWords, refusalInWords, toldChanges, toldObject, whereOf } from './tell.js';
import { titleOf } from './titles.js';
import { verdictOf } from './verdict.js';
import { mostFacts, worstFirst } from './worst-first.js';

/** How many changes are told in full, the worst first; all others are counted. */
export const mostTold = 50;

/** Where a person finds what is counted only. */
export const inJson = ', all of them with `-o json`';

/** How many laws of another release are told. */
const mostLaws = 5;

/** A comparison for a person: the answer in a line, then each change with its witness and the line behind it. */
export function diffToText(report: DiffReport, page: Page): string {
  const told = toldChanges(report);
  const { shown, left } = worstFirst(told, mostTold, inJson);
  const blocks = [
    wrap(printable(verdictOf(report)), page.columns),
    ...shown.map((each) => changeLines(each, page)),
    ...left.map((line) => [line]),
    ...undecidedBlocks(report.changes.undecided, page),
    ...textBlock(report, page),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** One change: what it is, its request on either side, and the lines behind it. */
export function changeLines(told: ToldChange, page: Page): readonly string[] {
  const { change, diagnostic, causes, witness, laws } = told;
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
          ...refusalInWords(told).flatMap((text) => fact('but', text)),
          ...(witness.after.command === undefined ? [] : [`    trace   ${printable(witness.after.command)}`]),
        ]),
    ...causes.flatMap(({ text, place }) => [
      ...fact('because', text),
      ...(place === undefined ? [] : [`            ${printable(`${place.file}:${place.line}`)}`]),
    ]),
    ...laws.slice(0, mostLaws).flatMap(({ id, statement }) => fact('law', `${id}: ${statement}`)),
    ...(laws.length > mostLaws ? fact('', `and ${laws.length - mostLaws} more, all of them with \`-o json\``) : []),
    ...othersInWords(change).flatMap((text) => fact('also', text)),
  ];
}

/** What is not compared, a block a fact. */
export function undecidedBlocks(all: readonly Undecided[], page: Page): ReadonlyArray<readonly string[]> {
  const rest = all.length - mostFacts;
  return [
    ...all.slice(0, mostFacts).map((each) => undecidedLines(each, page)),
    ...(rest > 0 ? [[`and ${counted(rest, 'more fact')}${inJson}`]] : []),
  ];
}

function undecidedLines({ fact, places }: Undecided, { pen, columns }: Page): readonly string[] {
  return hanging(`${pen.yellow('?')} `, printable(`not compared${whereOf(places)}: ${fact}`), columns);
}

/** How many objects are named that differ as text, and how many rules that one side has alone. */
const mostObjects = 12;

function textBlock(report: DiffReport, page: Page): ReadonlyArray<readonly string[]> {
  const { objects, rules } = report.changes.texts;
  if (objects.length + rules.added.length + rules.removed.length === 0) return [];
  const line = (text: string) => hanging('  ', printable(text), page.columns);
  const named = (sign: string, ids: readonly string[]) =>
    ids.length === 0 ? [] : line(`${sign} ${shortList(ids, mostObjects)}`);
  const rest = objects.length - mostObjects;
  return [
    [
      page.pen.bold(`as text, ${counted(objects.length, 'object')} differ${objects.length === 1 ? 's' : ''}`),
      ...objects.slice(0, mostObjects).flatMap((object) => {
        const { text, place } = toldObject(report, object);
        return line(`${text}${place === undefined ? '' : ` (${place.file}:${place.line})`}`);
      }),
      ...(rest > 0 ? line(`and ${rest} more`) : []),
      ...named('rules added:', rules.added),
      ...named('rules removed:', rules.removed),
    ],
  ];
}
