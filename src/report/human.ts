import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Diagnostic, Note, Span } from '../diagnostics/diagnostic.js';
import type { Severity } from '../diagnostics/entry.js';
import { inReportOrder } from '../diagnostics/order.js';
import { rangeOf } from '../diagnostics/position.js';
import { gathered, type Told } from './alike.js';
import { type Aside, asideInWords, nothingAside } from './aside.js';
import { codeFrame, type FrameStyle, gutterWidthOf } from './code-frame.js';
import { printable } from './display-width.js';
import { wrap } from './layout.js';
import { countOf } from './order.js';

interface HumanOptions {
  readonly colourLevel: ColorSupportLevel;
  /** How a source's path is shown to a reader who stands somewhere else than the project. */
  readonly displayPath: (path: string) => string;
  /** How many columns a line may have; without it a sentence is one line. What a frame shows of a file is not wrapped. */
  readonly columns?: number;
  readonly aside?: Aside;
  /** How many findings of one code are told in full; without it all are. */
  readonly mostOfOneCode?: number;
}

/** Diagnostics for a person: each with its text, what would slip through, why, and what to do; then a count. */
export function diagnosticsToText(diagnostics: readonly Diagnostic[], options: HumanOptions): string {
  const counts = summary(diagnostics, options.aside);
  if (diagnostics.length === 0) return counts === '' ? '' : `${counts}\n`;
  const chalk = new Chalk({ level: options.colourLevel });
  const told = gathered(inReportOrder(diagnostics), options.mostOfOneCode ?? diagnostics.length);
  const blocks = told.map((each) => block(each, chalk, options));
  return `${blocks.join('\n\n')}\n\n${counts}\n`;
}

/** How many of each severity there are, in words: `2 errors, 1 warning`; and how many are not shown. */
export function summary(diagnostics: readonly Diagnostic[], aside: Aside = nothingAside): string {
  const counts = [
    counted(countOf(diagnostics, 'error'), 'error', 'errors'),
    counted(countOf(diagnostics, 'warning'), 'warning', 'warnings'),
    counted(countOf(diagnostics, 'info'), 'remark', 'remarks'),
    ...asideInWords(aside),
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
  readonly columns: number;
}

function block({ item, alike }: Told, chalk: ChalkInstance, options: HumanOptions): string {
  const spans = [item.span, ...item.notes.map(({ span }) => span)].filter(
    (span) => span !== undefined && span !== null,
  );
  const gutterWidth = spans.length === 0 ? 2 : Math.max(...spans.map(gutterWidthOf));
  const { displayPath, columns = Number.POSITIVE_INFINITY } = options;
  const pen: Pen = { chalk, gutterWidth, displayPath, columns };
  const paint = colourOf(item.severity, chalk);
  const frame = item.span === null ? [] : place(item.span, item.label, paint, pen);
  return [...title(item, alike.length + 1, pen), ...frame, ...facts(item, alike, pen)].join('\n');
}

function title({ severity, code, message }: Diagnostic, times: number, { chalk, columns }: Pen): readonly string[] {
  const mark = `${severity}[${code}]`;
  const count = times === 1 ? '' : ` (${times} times)`;
  return wrap(`${mark}: ${printable(message)}${count}`, columns).map((line, index) =>
    index === 0 ? colourOf(severity, chalk)(mark) + chalk.bold(line.slice(mark.length)) : chalk.bold(line),
  );
}

function facts(item: Diagnostic, alike: readonly Diagnostic[], pen: Pen): readonly string[] {
  return [
    ...(item.witness === undefined ? [] : fact('witness', item.witness, pen)),
    ...item.notes.flatMap((note) => noteLines(note, pen)),
    ...(item.help === undefined ? [] : fact('help', item.help, pen)),
    ...(alike.length === 0 ? [] : alikeLines(item, alike, pen)),
    ...fact('docs', `ambit explain ${item.code}`, pen),
  ];
}

const shownAlike = 10;

/** A longer note explains; a shorter one says where, as `in cluster west`. */
const longestRemark = 40;

/** Where the same was found besides, and what is said of it there if that is something else. */
function alikeLines(item: Diagnostic, alike: readonly Diagnostic[], pen: Pen): readonly string[] {
  const all = [...new Set(alike.map((other) => alikeLine(item, other, pen)))];
  const lines = all.slice(0, shownAlike);
  const rest = all.length - shownAlike;
  const more = rest > 0 ? [`and ${rest} more: \`--diagnostics json\` lists all`] : [];
  return fact('also', [...lines, ...more].join('\n'), pen);
}

function alikeLine({ message, notes: [note] }: Diagnostic, other: Diagnostic, pen: Pen): string {
  const [ownNote] = other.notes;
  const isTold = ownNote === undefined || ownNote.span !== undefined || ownNote.message === note?.message;
  return [
    ...(other.span === null ? [] : [addressOf(other.span, pen)]),
    ...(other.message === message ? [] : [other.message]),
    ...(isTold || ownNote.message.length > longestRemark ? [] : [`(${ownNote.message})`]),
  ].join('  ');
}

function addressOf(span: Span, { displayPath }: Pen): string {
  const { line, column } = rangeOf(span).start;
  return `${displayPath(span.file.path)}:${line}:${column}`;
}

function noteLines(note: Note, pen: Pen): readonly string[] {
  const lines = fact('note', note.message, pen);
  return note.span === undefined ? lines : [...lines, ...place(note.span, undefined, pen.chalk.blue, pen)];
}

/** Further lines of a text stand below its first. */
function fact(name: string, text: string, { chalk, gutterWidth, columns }: Pen): readonly string[] {
  const start = ' '.repeat(gutterWidth + 1);
  const lines = text.split('\n').flatMap((line) => wrap(printable(line), columns - start.length - name.length - 4));
  return lines.map((line, index) =>
    index === 0
      ? `${start}${chalk.blue('=')} ${chalk.bold(name)}: ${line}`
      : `${start}${' '.repeat(name.length + 4)}${line}`,
  );
}

function place(span: Span, label: string | undefined, marker: FrameStyle['marker'], pen: Pen): string[] {
  const { chalk, gutterWidth, columns } = pen;
  const arrow = `${' '.repeat(gutterWidth)}${chalk.blue('-->')} ${printable(addressOf(span, pen))}`;
  return [arrow, ...codeFrame(span, { label, gutterWidth, columns, style: { gutter: chalk.blue, marker } })];
}

function colourOf(severity: Severity, chalk: ChalkInstance): ChalkInstance {
  if (severity === 'error') return chalk.red.bold;
  return severity === 'warning' ? chalk.yellow.bold : chalk.cyan.bold;
}
