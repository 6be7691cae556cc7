import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { asBefore } from '../util/alike.js';
import type { Recall } from '../util/memory.js';
import type { Report } from './fields.js';

/** What a reader knows of earlier runs, and where it says what is wrong with its text. */
export interface Reading {
  readonly recall: Recall;
  readonly report: Report;
}

/** What a reader makes of its text, and what it says of it. */
export function reporting<T>(read: (report: Report) => T): Result<T> {
  const diagnostics: Diagnostic[] = [];
  const value = read((found) => diagnostics.push(found));
  return { value, diagnostics };
}

/** Reads only what was not read before from the very same inputs; what was said of it is said in any case. */
export function readAgain<T>(
  { recall, report }: Reading,
  what: string,
  of: string,
  inputs: readonly unknown[],
  read: (report: Report) => T,
): T {
  const { value, diagnostics } = recall(what, of, inputs, () => reporting(read));
  for (const found of diagnostics) report(found);
  return value;
}

/**
 * Things by their keys, of which each is the very same as before where it says the same and was read from the same objects;
 * where all are, so is the whole.
 */
export function lasting<T>(
  recall: Recall,
  what: string,
  of: string,
  found: ReadonlyMap<string, T>,
  readFrom: (thing: T) => readonly unknown[],
): ReadonlyMap<string, T> {
  const things = [...found].map(
    ([key, thing]) => [key, asBefore(recall, what, `${of} ${key}`, readFrom(thing), thing)] as const,
  );
  return recall(what, of, things.flat(), () => new Map(things));
}
