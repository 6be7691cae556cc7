import type { ChalkInstance } from 'chalk';
import type { JsonObject } from '../parse/document.js';
import type { CallerCell } from '../trace/matrix/cells.js';
import type { Matrix, MatrixTable } from '../trace/matrix/matrix.js';
import type { MatrixRow } from '../trace/matrix/rows.js';
import { groupBy, sortedUnique } from '../util/order.js';
import { printable } from './display-width.js';
import { pad, width, wrap } from './topology/layout.js';

/** Who reaches a destination, for a program. Fields are only ever added. */
export function matrixToJson({ to, tables }: Matrix): JsonObject {
  return {
    to,
    tables: tables.map(({ pods, payload, columns, rows }) => ({
      pods,
      payload,
      columns,
      rows: rows.map(({ speaks, cluster, who, callers, cells }) => ({
        speaks,
        cluster: cluster ?? null,
        who,
        callers,
        cells: cells.map(({ kind, through, asks, because }) => ({ kind, through, asks, because: because ?? null })),
      })),
    })),
  };
}

/** Who reaches a destination, for a person: one row for callers that get the same through; 100 columns. */
export function matrixToText({ to, tables }: Matrix, pen: ChalkInstance): string {
  const blocks = tables.map((table) => tableLines(table, tables, pen));
  const lines = [pen.bold(`who reaches ${printable(to)}, and with what`), ...blocks.flatMap((block) => ['', ...block])];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const kindWidth = 11;
const gap = 2;

interface Layout {
  readonly who: number;
  readonly cell: number;
}

function tableLines(table: MatrixTable, all: readonly MatrixTable[], pen: ChalkInstance): readonly string[] {
  const { pods, payload, columns, rows } = table;
  const layout = layoutOf(table);
  const { cell } = layout;
  const bytes = payload === 'http' ? 'HTTP requests' : 'TCP connections';
  const head = [pad('caller', kindWidth + layout.who), ...columns.map((name) => pad(name, cell + gap))].join('');
  const clusters = [...groupBy(rows, ({ cluster }) => cluster)];
  const isOne = new Set(rows.flatMap(({ cluster }) => cluster ?? [])).size < 2;
  return [
    ...(all.length > 1 ? wrap(`${bytes} to ${pods.join(', ')}`, width) : []),
    pen.dim(head.trimEnd()),
    pen.dim('─'.repeat(width)),
    ...clusters.flatMap(([cluster, own]) => [
      ...(isOne ? [] : [pen.dim(cluster === undefined ? 'outside of every cluster' : `cluster ${cluster}`)]),
      ...own.flatMap((row) => rowLines(row, layout, pen)),
    ]),
    ...footnotes(rows, pen),
  ];
}

/** As much room for callers as their names need, within what the cells can do without. */
function layoutOf({ columns, rows }: MatrixTable): Layout {
  const [least, most] = columns.length > 1 ? [23, 41] : [29, 59];
  const longest = Math.max(0, ...rows.flatMap((row) => namesShown(row).map((name) => [...printable(name)].length)));
  const who = Math.min(most, Math.max(least, longest + gap));
  return { who, cell: Math.floor((width - kindWidth - who) / columns.length) - gap };
}

const shownNames = 4;

function namesShown({ who }: MatrixRow): readonly string[] {
  return who.length > shownNames ? [...who.slice(0, shownNames), `and ${who.length - shownNames} more`] : who;
}

/** A name that is wider than its column is broken behind its namespace. */
function nameLines(name: string, room: number): readonly string[] {
  const [namespace = '', local] = name.split('/');
  if ([...name].length <= room || local === undefined) return wrap(name, room);
  return [`${namespace}/`, `  ${local}`];
}

/** What the question marks stand for, each cause once. */
function footnotes(rows: readonly MatrixRow[], pen: ChalkInstance): readonly string[] {
  const causes = sortedUnique(rows.flatMap(({ cells }) => cells.flatMap(({ because }) => because ?? [])));
  const lines = causes.flatMap((cause) => wrap(`? not modelled: ${printable(cause)}`, width));
  return lines.length === 0 ? [] : ['', ...lines.map((line) => pen.yellow(line))];
}

function rowLines(row: MatrixRow, layout: Layout, pen: ChalkInstance): readonly string[] {
  const who = namesShown(row).flatMap((name) => nameLines(printable(name), layout.who - gap));
  const cells = row.cells.map((cell) => ({ paint: paintOf(cell, pen), lines: cellLines(cell, layout.cell) }));
  const height = Math.max(who.length, ...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const name = pad(who[index] ?? '', layout.who - gap) + ' '.repeat(gap);
    const left = pad(index === 0 ? row.speaks : '', kindWidth) + name;
    return left + cells.map(({ paint, lines }) => paint(pad(lines[index] ?? '', layout.cell + gap))).join('');
  });
}

const marks = { all: '✓', some: '◐', none: '✗', 'not-modelled': '?' } as const;
const words = { all: 'anything', some: 'only:', none: 'nothing', 'not-modelled': 'not modelled, but surely:' } as const;
const shownAlternatives = 6;

/** The mark, and below it what is let through. */
function cellLines({ kind, through, asks }: CallerCell, room: number): readonly string[] {
  const title = kind === 'not-modelled' && through.length === 0 ? 'not modelled' : words[kind];
  const shown = through.slice(0, shownAlternatives);
  const rest = through.length - shown.length;
  const single = kind === 'some' && through.length === 1 && asks.length === 0;
  const below = [
    ...shown,
    ...(rest > 0 ? [`and ${rest} more`] : []),
    ...asks.map((name) => `if ${name} agrees`),
  ].flatMap((line) => wrap(printable(line), room - 4));
  if (single) return below.map((line, index) => (index === 0 ? `${marks[kind]} only ${line}` : `  ${line}`));
  return [`${marks[kind]} ${title}`, ...below.map((line) => `    ${line}`)];
}

function paintOf({ kind }: CallerCell, pen: ChalkInstance): (text: string) => string {
  return { all: pen.green, some: pen.cyan, none: pen.red, 'not-modelled': pen.yellow }[kind];
}
