import type { ChalkInstance } from 'chalk';
import { displayWidth } from './display-width.js';

/** Where a report is read. */
export interface Page {
  /** How many columns a line may have. */
  readonly columns: number;
  /** What paints it; one of level 0 where there is no colour. */
  readonly pen: ChalkInstance;
}

/**
 * The lines of a text, none wider than the room. Breaks between words only: a name that is longer than the line stays
 * whole, so that it can be copied, and so does a command that ends the text. Lines are painted after they are wrapped.
 */
export function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function wordsOf(text: string): readonly string[] {
  const command = / (ambit [a-z]+ -.*)$/.exec(text)?.[1];
  if (command === undefined) return text.split(' ');
  return [...text.slice(0, -command.length).trimEnd().split(' '), command];
}

/** A text behind what introduces it, its further lines below its first. */
export function hanging(introduction: string, text: string, columns: number): readonly string[] {
  const margin = displayWidth(introduction);
  return wrap(text, columns - margin).map((line, index) => (index === 0 ? introduction : ' '.repeat(margin)) + line);
}

/** A text with one look. */
export interface Painted {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** Two texts on the two edges of a line; on a line each where one has no room for both. */
export function twoSides(left: Painted, right: Painted, columns: number): readonly string[] {
  const [first, second] = [left.paint(left.text), right.paint(right.text)];
  if (right.text === '') return [first];
  const gap = columns - displayWidth(left.text) - displayWidth(right.text);
  if (gap >= 2) return [first + ' '.repeat(gap) + second];
  return [first, ' '.repeat(Math.max(2, columns - displayWidth(right.text))) + second];
}

/** The look of text that has none. */
export function plain(text: string): string {
  return text;
}

/** Pads to a width in terminal cells. */
export function pad(text: string, size: number): string {
  return text + ' '.repeat(Math.max(0, size - displayWidth(text)));
}
