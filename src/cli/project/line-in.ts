import type { Span } from '../../diagnostics/diagnostic.js';
import { lineSpan } from '../../diagnostics/position.js';
import type { Loaded } from './load.js';

/** Finds a line that is named by its number among what was read. */
export function lineIn({
  sources,
}: Loaded): (place: { readonly file: string; readonly line: number }) => Span | undefined {
  const texts = new Map(sources.map((source) => [source.path, source]));
  return ({ file, line }) => {
    const source = texts.get(file);
    return source && lineSpan(source, line);
  };
}
