import type { JsonObject } from '../parse/document.js';
import type { CallerCell } from '../trace/matrix/cells.js';
import type { Entry, FromOutside } from '../trace/matrix/from-outside.js';
import type { Matrix, MatrixTable } from '../trace/matrix/matrix.js';
import type { MatrixRow } from '../trace/matrix/rows.js';
import { groupBy, sortedUnique } from '../util/order.js';
import { displayWidth, printable } from './display-width.js';
import { hanging, type Page, pad, wrap } from './layout.js';

/** Who reaches a destination, for a program. Fields are only ever added. */
export function matrixToJson({ to, tables, fromOutside }: Matrix): JsonObject {
  return {
    to: to ?? null,
    tables: tables.map(({ pods, payload, columns, rows }) => ({ pods, payload, columns, rows: rows.map(rowToJson) })),
    fromOutside: fromOutside.map(({ pods, entries }) => ({
      pods,
      entries: entries.map(({ url, gateway, rows }) => ({ url, gateway, rows: rows.map(rowToJson) })),
    })),
  };
}

function rowToJson({ speaks, cluster, who, callers, cells }: MatrixRow): JsonObject {
  return {
    speaks,
    cluster: cluster ?? null,
    who,
    callers,
    cells: cells.map(({ kind, through, asks, because }) => ({ kind, through, asks, because: because ?? null })),
  };
}

/** Who reaches a destination, for a person: one row for callers that get the same through. */
export function matrixToText({ to, tables, fromOutside }: Matrix, page: Page): string {
  const blocks = [
    ...tables.map((table) => tableLines(table, tables, page)),
    ...(fromOutside.length > 0 || tables.length === 0 ? fromOutsideLines(fromOutside, page) : []),
  ];
  const what = to === undefined ? 'what is reached from outside' : `who reaches ${printable(to)}, and with what`;
  const title = wrap(what, page.columns).map((line) => page.pen.bold(line));
  const lines = [...title, ...blocks.flatMap((block) => ['', ...block])];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const kindWidth = 11;
const gap = 2;

/** Below this a cell breaks nearly every phrase. */
const leastCell = 20;

/** What stands before the only thing that is let through. */
const markWidth = '✓ only '.length;

interface Layout {
  readonly who: number;
  readonly cell: number;
}

function tableLines(table: MatrixTable, all: readonly MatrixTable[], page: Page): readonly string[] {
  const { pods, payload, columns, rows } = table;
  const { pen } = page;
  const layout = layoutOf(table, page);
  const isList = layout.cell < Math.max(leastCell, longestWord(rows));
  const bytes = payload === 'http' ? 'HTTP requests' : 'TCP connections';
  const head = [pad('caller', kindWidth + layout.who), ...columns.map((name) => pad(name, layout.cell + gap))].join('');
  const clusters = [...groupBy(rows, ({ cluster }) => cluster)];
  const isOne = new Set(rows.flatMap(({ cluster }) => cluster ?? [])).size < 2;
  return [
    ...(all.length > 1 ? wrap(printable(`${bytes} to ${pods.join(', ')}`), page.columns) : []),
    ...(isList ? [] : [pen.dim(head.trimEnd())]),
    pen.dim('─'.repeat(page.columns)),
    ...clusters.flatMap(([cluster, own]) => [
      ...(isOne ? [] : [pen.dim(cluster === undefined ? 'outside of every cluster' : `cluster ${cluster}`)]),
      ...own.flatMap((row) => (isList ? listLines(row, columns, page) : rowLines(row, layout, page))),
    ]),
    ...footnotes(rows, page),
  ];
}

/** As much room for callers as their names need, within what the cells can do without. */
function layoutOf({ columns, rows }: MatrixTable, page: Page): Layout {
  const [least, most] = columns.length > 1 ? [23, 41] : [29, 59];
  const longest = Math.max(0, ...rows.flatMap((row) => namesShown(row).map((name) => displayWidth(printable(name)))));
  const who = Math.min(most, Math.max(least, longest + gap));
  return { who, cell: Math.floor((page.columns - kindWidth - who) / columns.length) - gap };
}

/** The cells that the longest word below a mark takes: it is never broken, and no column can be narrower. */
function longestWord(rows: readonly MatrixRow[]): number {
  const texts = rows.flatMap(({ cells }) => cells.flatMap(({ through }) => through.slice(0, shownAlternatives)));
  return Math.max(
    0,
    ...texts.flatMap((text) => text.split(' ')).map((word) => displayWidth(printable(word)) + markWidth),
  );
}

const shownNames = 4;

function namesShown({ who }: MatrixRow): readonly string[] {
  return who.length > shownNames ? [...who.slice(0, shownNames), `and ${who.length - shownNames} more`] : who;
}

/** A name that is wider than its column is broken behind its namespace. */
function nameLines(name: string, room: number): readonly string[] {
  const [namespace = '', local] = name.split('/');
  if (displayWidth(name) <= room || local === undefined) return wrap(name, room);
  return [`${namespace}/`, `  ${local}`];
}

/** What the question marks stand for, each cause once. */
function footnotes(rows: readonly MatrixRow[], { columns, pen }: Page): readonly string[] {
  const causes = sortedUnique(rows.flatMap(({ cells }) => cells.flatMap(({ because }) => because ?? [])));
  const lines = causes.flatMap((cause) => wrap(`? undecided: ${printable(cause)}`, columns));
  return lines.length === 0 ? [] : ['', ...lines.map((line) => pen.yellow(line))];
}

function rowLines(row: MatrixRow, layout: Layout, { pen }: Page): readonly string[] {
  const who = namesShown(row).flatMap((name) => nameLines(printable(name), layout.who - gap));
  const cells = row.cells.map((cell) => ({ paint: paintOf(cell, pen), lines: cellLines(cell, layout.cell) }));
  const height = Math.max(who.length, ...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const name = pad(who[index] ?? '', layout.who - gap) + ' '.repeat(gap);
    const left = pad(index === 0 ? row.speaks : '', kindWidth) + name;
    return left + cells.map(({ paint, lines }) => paint(pad(lines[index] ?? '', layout.cell + gap))).join('');
  });
}

/** A row where no table has room: the callers, and below them what each way gives them. */
function listLines(row: MatrixRow, ways: readonly string[], { columns, pen }: Page): readonly string[] {
  const who = hanging(pad(row.speaks, kindWidth), printable(namesShown(row).join(', ')), columns);
  const cells = row.cells.flatMap((cell, index) => {
    const way = `  ${ways[index] ?? ''}: `;
    const [first = '', ...below] = cellLines(cell, columns - way.length);
    return [`${way}${paintOf(cell, pen)(first)}`, ...below.map((line) => `  ${paintOf(cell, pen)(line)}`)];
  });
  return [...who, ...cells];
}

const marks = { all: '✓', some: '◐', none: '✗', 'not-modelled': '?' } as const;
const words = { all: 'anything', some: 'only:', none: 'nothing', 'not-modelled': 'undecided, but surely:' } as const;
const shownAlternatives = 6;

/** The mark, and below it what is let through. */
function cellLines({ kind, through, asks }: CallerCell, room: number): readonly string[] {
  const shown = through.slice(0, shownAlternatives);
  const rest = through.length - shown.length;
  const [only, ...others] = shown;
  if (kind === 'some' && only !== undefined && others.length + asks.length === 0) {
    return hanging(`${marks[kind]} only `, printable(only), room);
  }
  const below = [...shown, ...(rest > 0 ? [`and ${rest} more`] : []), ...asks.map((name) => `if ${name} agrees`)];
  const title = kind === 'not-modelled' && through.length === 0 ? 'undecided' : words[kind];
  return [`${marks[kind]} ${title}`, ...below.flatMap((line) => hanging('    ', printable(line), room))];
}

/** By which names gateways lead on, and for each what gets through from outside. */
function fromOutsideLines(all: readonly FromOutside[], page: Page): ReadonlyArray<readonly string[]> {
  if (all.length === 0) return [['no gateway leads there']];
  return all.map(({ pods, entries }) => [
    ...wrap(`from outside, through gateways to ${printable(pods.join(', '))}`, page.columns),
    page.pen.dim('─'.repeat(page.columns)),
    ...entries.flatMap((entry) => entryLines(entry, page)),
    ...footnotes(
      entries.flatMap(({ rows }) => rows),
      page,
    ),
  ]);
}

function entryLines({ url, gateway, rows }: Entry, page: Page): readonly string[] {
  const [first, ...others] = rows;
  const name = `${printable(url)} by gateway ${printable(gateway)}`;
  if (first !== undefined && others.length === 0) return cellLinesBelow(name, first, page);
  return [
    ...wrap(name, page.columns),
    ...rows.flatMap((row) => cellLinesBelow(`  ${namesShown(row).join(', ')}`, row, page)),
  ];
}

function cellLinesBelow(name: string, { cells }: MatrixRow, { columns, pen }: Page): readonly string[] {
  return cells.flatMap((cell) => {
    const [first = '', ...below] = cellLines(cell, columns - 4);
    const paint = paintOf(cell, pen);
    const isShort = displayWidth(name) + displayWidth(first) + 2 <= columns;
    const head = isShort ? [`${name}: ${paint(first)}`] : [...wrap(`${name}:`, columns), `    ${paint(first)}`];
    return [...head, ...below.map((line) => `    ${paint(line)}`)];
  });
}

function paintOf({ kind }: CallerCell, pen: Page['pen']): (text: string) => string {
  return { all: pen.green, some: pen.cyan, none: pen.red, 'not-modelled': pen.yellow }[kind];
}
