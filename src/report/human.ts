import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Diagnostic, Note, Span } from '../diagnostics/diagnostic.js';
import type { Severity } from '../diagnostics/entry.js';
import { rangeOf } from '../diagnostics/position.js';
import { codeFrame, type FrameStyle, gutterWidthOf } from './code-frame.js';
import { printable } from './display-width.js';
import { countOf, inReportOrder } from './order.js';

interface HumanOptions {
  readonly colourLevel: ColorSupportLevel;
  /** How a source's path is shown to a reader who stands somewhere else than the project. */
  readonly displayPath: (path: string) => string;
}

/** Diagnostics for a person: each with its text, what would slip through, why, and what to do; then a count. */
export function diagnosticsToText(diagnostics: readonly Diagnostic[], options: HumanOptions): string {
  if (diagnostics.length === 0) return '';
  const chalk = new Chalk({ level: options.colourLevel });
  const blocks = inReportOrder(diagnostics).map((item) => block(item, chalk, options.displayPath));
  return `${blocks.join('\n\n')}\n\n${summary(diagnostics)}\n`;
}

/** How many of each severity there are, in words: `2 errors, 1 warning`. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const counts = [
    counted(countOf(diagnostics, 'error'), 'error', 'errors'),
    counted(countOf(diagnostics, 'warning'), 'warning', 'warnings'),
    counted(countOf(diagnostics, 'info'), 'remark', 'remarks'),
  ];
  return counts.filter((text) => text !== '').join(', ');
}

function counted(count: number, one: string, many: string): string {
  if (count === 0) return '';
  return `${count} ${count === 1 ? one : many}`;
}

interface Pen {
  readonly chalk: ChalkInstance;
  readonly gutterWidth: number;
  readonly displayPath: HumanOptions['displayPath'];
}

function block(item: Diagnostic, chalk: ChalkInstance, displayPath: HumanOptions['displayPath']): string {
  const spans = [item.span, ...item.notes.map(({ span }) => span)].filter(
    (span) => span !== undefined && span !== null,
  );
  const gutterWidth = spans.length === 0 ? 2 : Math.max(...spans.map(gutterWidthOf));
  const pen: Pen = { chalk, gutterWidth, displayPath };
  const paint = colourOf(item.severity, chalk);
  const title = `${paint(`${item.severity}[${item.code}]`)}${chalk.bold(`: ${printable(item.message)}`)}`;
  const frame = item.span === null ? [] : place(item.span, item.label, paint, pen);
  return [title, ...frame, ...facts(item, pen)].join('\n');
}

function facts(item: Diagnostic, pen: Pen): string[] {
  return [
    ...(item.witness === undefined ? [] : [fact('witness', item.witness, pen)]),
    ...item.notes.flatMap((note) => noteLines(note, pen)),
    ...(item.help === undefined ? [] : [fact('help', item.help, pen)]),
    fact('docs', `ambit explain ${item.code}`, pen),
  ];
}

function noteLines(note: Note, pen: Pen): string[] {
  const text = fact('note', note.message, pen);
  return note.span === undefined ? [text] : [text, ...place(note.span, undefined, pen.chalk.blue, pen)];
}

/** Further lines of a text stand below its first. */
function fact(name: string, text: string, { chalk, gutterWidth }: Pen): string {
  const start = ' '.repeat(gutterWidth + 1);
  const [first = '', ...rest] = text.split('\n').map(printable);
  const below = rest.map((line) => `\n${start}${' '.repeat(name.length + 4)}${line}`);
  return `${start}${chalk.blue('=')} ${chalk.bold(name)}: ${first}${below.join('')}`;
}

function place(span: Span, label: string | undefined, marker: FrameStyle['marker'], pen: Pen): string[] {
  const { chalk, gutterWidth, displayPath } = pen;
  const { line, column } = rangeOf(span).start;
  const arrow = `${' '.repeat(gutterWidth)}${chalk.blue('-->')} ${printable(displayPath(span.file.path))}:${line}:${column}`;
  return [arrow, ...codeFrame(span, { label, gutterWidth, style: { gutter: chalk.blue, marker } })];
}

function colourOf(severity: Severity, chalk: ChalkInstance): ChalkInstance {
  if (severity === 'error') return chalk.red.bold;
  return severity === 'warning' ? chalk.yellow.bold : chalk.cyan.bold;
}
