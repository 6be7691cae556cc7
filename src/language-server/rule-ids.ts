import type { Path } from '../parse/document.js';
import type { Spot } from './spot.js';
import { textAt } from './spot.js';

/**
 * What the rule or setting may be called that stands around a spot, the innermost first: rules by their names, settings by their
 * fields, and a document whose parts have no names by its own.
 */
export function idsAround({ document: { value }, path }: Pick<Spot, 'document' | 'path'>): readonly string[] {
  const settings = textAt(value, ['metadata', 'name']);
  if (settings === undefined) return [];
  const around = path.map((_, index) => path.slice(0, path.length - index));
  const parts = around.flatMap((each) => partNameOf(value, each) ?? []);
  return [...parts.map((name) => `${settings}/${name}`), settings];
}

function partNameOf(value: unknown, path: Path): string | undefined {
  const last = path.at(-1);
  return typeof last === 'number' ? textAt(value, [...path, 'name']) : last;
}
