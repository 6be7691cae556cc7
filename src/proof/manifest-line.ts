import { load } from 'js-yaml';
import SourceMap from 'js-yaml-source-map';
import { rangeOf } from '../diagnostics/position.js';
import { type ManifestObject, type Path, spanIn } from '../parse/document.js';
import { goYamlSchema } from '../parse/go-yaml-schema.js';

/**
 * Where a part of an emitted object is written: `path:line`. An emitted object has a document of its own, in block style,
 * so the line of a part is the line on which its first key stands. An empty part has no key: its own place answers.
 */
export function manifestLine(object: ManifestObject, place: Path): string {
  const { document, path } = object;
  const { file, start, end } = document;
  const first = rangeOf({ file, start, end: start }).start.line;
  const within = lineWithin(file.text.slice(start, end), [...path, ...place]);
  const line = within === undefined ? rangeOf(spanIn(object, place)).start.line : first + within - 1;
  return `${file.path}:${line}`;
}

function lineWithin(text: string, place: Path): number | undefined {
  const map = new SourceMap();
  load(text, { schema: goYamlSchema, json: true, listener: map.listen() });
  return map.lookup(writtenPath(place))?.line;
}

/** `spec.rules[0].to[1]` */
function writtenPath(place: Path): string {
  return place
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
