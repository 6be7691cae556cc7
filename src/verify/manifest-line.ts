import { load } from 'js-yaml';
import SourceMap from 'js-yaml-source-map';
import { rangeOf } from '../diagnostics/position.js';
import type { ManifestObject, Path } from '../parse/document.js';

/**
 * Where a part of an emitted object is written: `path:line`. Emitted objects have one document each, in block style, so
 * the line of a part is the line on which its first key stands.
 */
export function manifestLine({ document, path }: ManifestObject, place: Path): string {
  const { file, start, end } = document;
  const first = rangeOf({ file, start, end }).start.line;
  return `${file.path}:${first + lineWithin(file.text.slice(start, end), [...path, ...place]) - 1}`;
}

/** A part of which the map knows nothing is answered for by what holds it. */
function lineWithin(text: string, place: Path): number {
  const map = new SourceMap();
  load(text, { listener: map.listen() });
  for (let length = place.length; length > 0; length--) {
    const found = map.lookup(writtenPath(place.slice(0, length)));
    if (found !== undefined) return found.line;
  }
  return 1;
}

/** `spec.rules[0].to[1]` */
function writtenPath(place: Path): string {
  return place
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
