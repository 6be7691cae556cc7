import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { inReportOrder } from '../../diagnostics/order.js';
import { rangeOf } from '../../diagnostics/position.js';
import { codeFrame, gutterWidthOf } from '../code-frame.js';
import { fitting } from '../fitting.js';
import { summary } from '../human.js';
import { plain } from '../layout.js';
import { type Proved, provedToText } from '../proved.js';
import type { Findings } from './findings.js';

/** Below this line a pull request's comment is found again, to be replaced by the next run's. */
const marker = '<!-- ambit:findings -->';

const columns = 120;

/** Findings as Markdown, for a comment or the summary of a job. */
export function findingsToMarkdown({ diagnostics, aside, proved, displayPath }: Findings): string {
  const counts = summary(diagnostics, aside);
  const head = [marker, `### Ambit: ${counts === '' ? 'nothing found' : counts}`, ...provedLines(proved)];
  const sections = inReportOrder(diagnostics).map((item) => section(item, displayPath));
  const shown = fitting(sections, (left) => `and ${left} more: \`--diagnostics json\` lists all`);
  return `${[...head, ...shown].join('\n\n')}\n`;
}

function provedLines(proved: Proved | undefined): readonly string[] {
  return proved === undefined ? [] : [provedToText(proved)];
}

function section(item: Diagnostic, displayPath: Findings['displayPath']): string {
  const { code, severity, message, span, label, notes, witness, help } = item;
  const facts = [
    ...(witness === undefined ? [] : [`- **witness:** ${inline(witness)}`]),
    ...notes.map((note) => `- ${inline(note.message)}${note.span ? ` (${addressOf(note.span, displayPath)})` : ''}`),
    ...(help === undefined ? [] : [`- **help:** ${inline(help)}`]),
  ];
  return [
    `#### ${severity} ${code}: ${inline(message)}`,
    ...(span === null ? [] : [addressOf(span, displayPath), frame(span, label)]),
    ...(facts.length === 0 ? [] : [facts.join('\n')]),
  ].join('\n\n');
}

function addressOf(span: Span, displayPath: Findings['displayPath']): string {
  const { line, column } = rangeOf(span).start;
  return `\`${displayPath(span.file.path)}:${line}:${column}\``;
}

/** A fence longer than any run of backticks in what it holds. */
function frame(span: Span, label: string | undefined): string {
  const options = { label, gutterWidth: gutterWidthOf(span), columns, style: { gutter: plain, marker: plain } };
  const lines = codeFrame(span, options);
  const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines, fence].join('\n');
}

/** Text outside of backticks is text: nothing of it is taken for HTML or for emphasis. */
function inline(text: string): string {
  const parts = text.replaceAll('\n', ' ').split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith('`') ? part : part.replace(/[\\*_<>[\]|]/g, '\\$&'))).join('');
}
