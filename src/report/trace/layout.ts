import type { ChalkInstance } from 'chalk';
import { printable } from '../display-width.js';
import { type Page, pad, plain, twoSides, wrap } from '../layout.js';

/** One sign for each way a step can end: read alone, without colour, they tell the story. */
export const marks = {
  source: '●',
  allowed: '✓',
  passes: '✓',
  denied: '✗',
  'not-modelled': '?',
  unknown: '?',
  'not reached': '┆',
} as const;

export function paints(pen: ChalkInstance) {
  return {
    allowed: pen.green,
    passes: pen.green,
    denied: pen.red,
    'not-modelled': pen.yellow,
    unknown: pen.yellow,
    'not reached': pen.dim,
  } as const;
}

const factName = 13;

/** A named line below the way, its further lines below its first. */
export function fact(
  name: string,
  text: string,
  { columns, pen }: Page,
  paint: (text: string) => string = plain,
): readonly string[] {
  const lines = wrap(printable(text), columns - factName - 2);
  return lines.map((line, index) => `  ${pen.dim(pad(index === 0 ? name : '', factName))}${paint(line)}`);
}

/** A step: its sign and name on the left, its state on the right edge. */
export function step(
  sign: string,
  name: string,
  state: string,
  { columns, pen }: Page,
  paint: (text: string) => string = plain,
): readonly string[] {
  const left = { text: `${sign} ${name}`, paint: () => `${pen.bold(paint(sign))} ${pen.bold(name)}` };
  return twoSides(left, { text: state, paint }, columns - 2).map((line) => `  ${line}`);
}

/** The rail that leads from one step to the next. */
export function railLine({ pen }: Page): string {
  return `  ${pen.dim('│')}`;
}

/** Text beside the rail, wrapped; nothing for an empty text. */
export function ruled(text: string, page: Page, paint: (text: string) => string = page.pen.dim): readonly string[] {
  if (text === '') return [];
  return wrap(printable(text), page.columns - 6).map((line) => `${railLine(page)}   ${paint(line)}`);
}

/** A named fact beside the rail, its further lines below its first. */
export function railFact(
  rail: string,
  name: string,
  text: string,
  { columns, pen }: Page,
  paint: (text: string) => string = plain,
): readonly string[] {
  return wrap(printable(text), columns - 6 - railName).map(
    (line, index) => `  ${pen.dim(rail)}   ${pen.dim(pad(index === 0 ? name : '', railName))}${paint(line)}`,
  );
}

const railName = 9;
