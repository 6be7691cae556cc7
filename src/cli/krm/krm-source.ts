import type { Source } from '../../pipeline.js';
import { fileOf, type Item, kindOf } from './item.js';

/** A text that is compiled, and the items that it is made of, in their order. */
export interface KrmSource extends Source {
  readonly items: ReadonlyArray<{ readonly item: Item; readonly start: number }>;
}

/** Items of one file are one text: a comment that accepts something speaks for its file. */
export function sourcesOf(items: readonly Item[]): readonly KrmSource[] {
  const byPath = new Map<string, Item[]>();
  for (const item of items) {
    const path = fileOf(item)?.path ?? nameOf(item);
    byPath.set(path, [...(byPath.get(path) ?? []), item]);
  }
  return [...byPath].map(([path, parts]) => {
    const placed = parts.map((item, index) => ({
      item,
      start: parts.slice(0, index).reduce((sum, { text }) => sum + text.length + separator.length, 0),
    }));
    return { path, text: parts.map(({ text }) => text).join(separator), items: placed };
  });
}

const separator = '---\n';

/** What stands for the file of an item that lies in none. */
function nameOf(item: Item): string {
  const { namespace, name } = Object(item.value.metadata);
  return [kindOf(item).toLowerCase(), namespace, name].filter((part) => typeof part === 'string').join('.');
}
