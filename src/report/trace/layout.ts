import type { ChalkInstance } from 'chalk';
import { displayWidth, printable } from '../display-width.js';
import { pad, width, wrap } from '../topology/layout.js';

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

/** A named line below the way. The text may be painted, so it is not wrapped. */
export function fact(name: string, text: string, pen: ChalkInstance): readonly string[] {
  return [`  ${pen.dim(pad(name, factName))}${text}`];
}

/** A step: its sign and name on the left, its state on the right edge. */
export function twoSides(
  sign: string,
  name: string,
  state: string,
  pen: ChalkInstance,
  paint: (text: string) => string = plain,
): string {
  const gap = Math.max(2, width - 2 - displayWidth(`${sign} ${name}`) - displayWidth(state));
  return `  ${pen.bold(paint(sign))} ${pen.bold(name)}${' '.repeat(gap)}${paint(state)}`;
}

/** The rail that leads from one step to the next. */
export function railLine(pen: ChalkInstance): string {
  return `  ${pen.dim('│')}`;
}

/** Text beside the rail, wrapped at the width; nothing for an empty text. */
export function ruled(text: string, pen: ChalkInstance, paint: (text: string) => string = pen.dim): readonly string[] {
  if (text === '') return [];
  return wrap(printable(text), width - 6).map((line) => `${railLine(pen)}   ${paint(line)}`);
}

/** A named fact beside the rail, its further lines below its first. */
export function railFact(
  rail: string,
  name: string,
  text: string,
  pen: ChalkInstance,
  paint: (text: string) => string = plain,
): readonly string[] {
  const room = width - 6 - railName;
  return wrap(printable(text), room).map(
    (line, index) => `  ${pen.dim(rail)}   ${pen.dim(pad(index === 0 ? name : '', railName))}${paint(line)}`,
  );
}

const railName = 9;

export function plain(text: string): string {
  return text;
}
