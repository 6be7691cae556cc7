import type { Undecided } from '../../changes/change.js';
import { fitting } from '../fitting.js';
import { counted, shortList } from '../words.js';
import type { DiffReport, ToldChange } from './diff-report.js';
import { answerInWords, othersInWords, refusalInWords, toldChanges, toldObject, whereOf } from './tell.js';
import { titleOf } from './titles.js';
import { verdictOf } from './verdict.js';
import { mostFacts, worstFirst } from './worst-first.js';

/** By this line whoever posts it finds the comment that it posted before. */
const marker = '<!-- ambit:diff -->';

/** How many changes are told in full, the worst first. */
export const mostTold = 30;

/** A comparison as a comment on a pull request: the answer, a line for each change, and what is behind it to be opened. */
export function diffToMarkdown(report: DiffReport): string {
  const told = toldChanges(report);
  const { shown, left } = worstFirst(told, mostTold, ': `ambit diff -o json` has all of them');
  const isSame = told.length === 0 && report.changes.undecided.every(({ isCrossing }) => isCrossing);
  const blocks = [
    marker,
    `### ${isSame ? '✅' : '🔎'} What this change means`,
    escaped(verdictOf(report)),
    ...shown.map(changeBlock),
    ...left,
    ...undecidedItems(report.changes.undecided),
    ...textBlock(report),
  ];
  return asComment(blocks, 'diff');
}

/** Blocks as one comment; what has no room in it is counted. */
export function asComment(blocks: readonly string[], command: 'diff' | 'gate' | 'drift'): string {
  const inWords = (left: number) => `and ${counted(left, 'more block')}: \`ambit ${command} -o json\` has all of them`;
  return `${fitting(blocks, inWords).join('\n\n')}\n`;
}

/** What is not compared, an item a fact. */
export function undecidedItems(all: readonly Undecided[]): readonly string[] {
  const rest = all.length - mostFacts;
  return [...all.slice(0, mostFacts).map(undecidedItem), ...(rest > 0 ? [`- and ${counted(rest, 'more fact')}`] : [])];
}

function undecidedItem({ fact, places }: Undecided): string {
  return `- ❔ not compared${whereOf(places)}: ${escaped(fact)}`;
}

const mostObjects = 50;

function textBlock(report: DiffReport): readonly string[] {
  const { objects, rules } = report.changes.texts;
  if (objects.length + rules.added.length + rules.removed.length === 0) return [];
  const named = (title: string, ids: readonly string[]) =>
    ids.length === 0 ? [] : [`- ${title}: ${shortList(ids.map(code), mostObjects)}`];
  const rest = objects.length - mostObjects;
  const lines = [
    ...objects.slice(0, mostObjects).map((object) => {
      const { text, place } = toldObject(report, object);
      return `- ${escaped(text)}${place === undefined ? '' : ` at ${code(`${place.file}:${place.line}`)}`}`;
    }),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    ...named('rules added', rules.added),
    ...named('rules removed', rules.removed),
  ];
  const summary = `as text, ${counted(objects.length, 'object')} differ${objects.length === 1 ? 's' : ''}`;
  return [[`<details><summary>${summary}</summary>`, '', ...lines, '', '</details>'].join('\n')];
}

/** One change, to be opened. */
export function changeBlock(told: ToldChange): string {
  const { change, diagnostic, causes, witness, laws } = told;
  const { title, isWorse } = titleOf(change.kind);
  const facts = [
    ...(witness === undefined
      ? []
      : [
          `request: ${code(witness.request)}`,
          `before: ${escaped(answerInWords(witness.before))}`,
          `after: ${escaped(answerInWords(witness.after))}`,
          ...refusalInWords(told),
        ]),
    ...causes.map(({ text, place }) => {
      const at = place === undefined ? '' : ` at ${code(`${place.file}:${place.line}`)}`;
      return `because ${escaped(text)}${at}`;
    }),
    ...laws.map(({ id, statement }) => `law ${id}: ${escaped(statement)}`),
    ...othersInWords(change).map(escaped),
    ...(witness?.after.command === undefined ? [] : [`follow it: ${code(witness.after.command)}`]),
  ];
  const summary = `${isWorse ? '⚠️' : 'ℹ️'} <b>${title}</b> (${diagnostic.code}): ${escapedHtml(diagnostic.message)}`;
  return [`<details><summary>${summary}</summary>`, '', ...facts.map((each) => `- ${each}`), '', '</details>'].join(
    '\n',
  );
}

/** Text whose characters mean nothing to Markdown; what is in backticks stays code. */
export function escaped(text: string): string {
  const parts = text.split('`');
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : part.replace(/[\\*_[\]<>|#~]/g, '\\$&'))).join('');
}

function escapedHtml(text: string): string {
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return html.replace(/`([^`]*)`/g, '<code>$1</code>');
}

/** A fence that is longer than any within. */
export function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
