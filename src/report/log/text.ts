import { toldChanges } from '../diff/tell.js';
import { inJson, undecidedBlocks } from '../diff/text.js';
import { titleOf } from '../diff/titles.js';
import { verdictOf } from '../diff/verdict.js';
import { worstFirst } from '../diff/worst-first.js';
import { printable } from '../display-width.js';
import { hanging, type Page } from '../layout.js';
import { counted } from '../words.js';
import type { Commit, LogEntry, LogReport } from './log-report.js';

/** How many changes of one commit are told, the worst first. */
const mostTold = 8;

/** The record for a person: a block a commit, the newest first. */
export function logToText({ from, to, entries, leftOut }: LogReport, page: Page): string {
  const none = entries.length === 0 ? [[`no commit from ${printable(from)} to ${printable(to)}`]] : [];
  const rest =
    leftOut === 0 ? [] : [[`and ${counted(leftOut, 'older commit')}: \`--max-count\` says how many are told`]];
  const blocks = [...none, ...entries.map((entry) => entryLines(entry, page)), ...rest];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function entryLines({ commit, outcome }: LogEntry, page: Page): readonly string[] {
  const { pen, columns } = page;
  const { id, parents, date, subject, reviewers } = commit;
  const line = (text: string) => hanging('  ', printable(text), columns);
  const merged =
    parents.length > 1 ? line(`merges ${parents.slice(1).join(', ')}, and is told as what that brings along`) : [];
  const reviewed = reviewers.length === 0 ? [] : line(`reviewed by ${reviewers.join(', ')}`);
  return [
    ...hanging(`${pen.bold(id)} ${date.slice(0, 10)} `, printable(subject), columns),
    ...line(byWhom(commit)),
    ...merged,
    ...reviewed,
    ...outcomeLines(outcome, page),
  ];
}

function byWhom({ author, email, committer, committerEmail }: Commit): string {
  const isOwn = committer === author && committerEmail === email;
  return `by ${author} <${email}>${isOwn ? '' : `, committed by ${committer} <${committerEmail}>`}`;
}

function outcomeLines(outcome: LogEntry['outcome'], page: Page): readonly string[] {
  const { pen, columns } = page;
  const line = (text: string) => hanging('  ', printable(text), columns);
  if (outcome.kind === 'not-compared') return line(`not compared: ${outcome.because}`).map((each) => pen.yellow(each));
  const { report, approvals, insteadOfParent } = outcome;
  const told = toldChanges(report);
  const { shown, left } = worstFirst(told, mostTold, inJson);
  const instead =
    insteadOfParent === undefined ? [] : line(`compared with ${insteadOfParent}, the last before it that compiles`);
  return [
    ...instead,
    ...line(verdictOf(report)),
    ...shown.flatMap(({ change, diagnostic, causes: [cause] }) => {
      const { sign } = titleOf(change.kind);
      const at = cause?.place === undefined ? '' : ` (${cause.place.file}:${cause.place.line})`;
      return hanging(`  ${sign} ${diagnostic.code} `, printable(`${diagnostic.message}${at}`), columns);
    }),
    ...left.flatMap(line),
    ...undecidedBlocks(report.changes.undecided, page).flatMap((lines) => lines.map((text) => `  ${text}`)),
    ...approvals.flatMap(({ name, until, reason, owner }) =>
      line(`approved by ${name} until ${until}: ${reason}${owner === undefined ? '' : ` (${owner})`}`),
    ),
  ];
}
