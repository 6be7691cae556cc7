import type { Undecided } from '../../changes/change.js';
import { counted } from '../words.js';
import type { DiffReport, ToldChange } from './diff-report.js';
import { answerInWords, othersInWords, toldChanges, toldObject } from './tell.js';
import { titleOf } from './titles.js';
import { verdictOf } from './verdict.js';

/** By this line whoever posts it finds the comment that it posted before. */
const marker = '<!-- ambit:diff -->';

/** How many changes are told in full, the worst first: a comment has room for some 65,000 characters. */
const mostTold = 30;

/** A comparison as a comment on a pull request: the answer, a line for each change, and what is behind it to be opened. */
export function diffToMarkdown(report: DiffReport): string {
  const told = toldChanges(report);
  const rest = told.length - mostTold;
  const isSame = told.length === 0 && report.changes.undecided.every(({ isCrossing }) => isCrossing);
  const blocks = [
    marker,
    `### ${isSame ? '✅' : '🔎'} What this change means`,
    escaped(verdictOf(report)),
    ...told.slice(0, mostTold).map(changeBlock),
    ...(rest > 0 ? [`and ${counted(rest, 'more change')}: \`ambit diff -o json\` has all of them`] : []),
    ...report.changes.undecided.map(undecidedItem),
    ...textBlock(report),
  ];
  return `${blocks.join('\n\n')}\n`;
}

export function undecidedItem({ fact, places }: Undecided): string {
  const where = places.length === 0 ? '' : ` (${counted(places.length, 'place')})`;
  return `- ❔ not compared${where}: ${escaped(fact)}`;
}

const mostObjects = 50;

function textBlock(report: DiffReport): readonly string[] {
  const { objects, rules } = report.changes.texts;
  if (objects.length + rules.added.length + rules.removed.length === 0) return [];
  const named = (title: string, ids: readonly string[]) =>
    ids.length === 0 ? [] : [`- ${title}: ${ids.map(code).join(', ')}`];
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
export function changeBlock({ change, diagnostic, causes, witness, laws }: ToldChange): string {
  const { title, isWorse } = titleOf(change.kind);
  const facts = [
    ...(witness === undefined
      ? []
      : [
          `request: ${code(witness.request)}`,
          `before: ${escaped(answerInWords(witness.before))}`,
          `after: ${escaped(answerInWords(witness.after))}`,
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
