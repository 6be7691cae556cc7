import type { Span } from '../../diagnostics/diagnostic.js';
import { printManifest } from '../../emit/print-yaml.js';
import type { JsonObject } from '../../parse/document.js';
import { readYaml } from '../../parse/read-yaml.js';

/**
 * The text of a node of the list as a document of its own, with its comments. Where a text does not survive this (an
 * alias of an anchor elsewhere, blank lines at the end of a block) it is printed anew from its value.
 */
export function textOfItem(span: Span, value: JsonObject, comments: readonly string[]): string {
  const text = [...comments, dedented(span)].join('\n');
  const { value: read } = readYaml({ path: '', text }, 'manifest');
  const isSame = read.length === 1 && JSON.stringify(read[0]?.value) === JSON.stringify(value);
  return isSame ? `${text}\n` : printObject(value);
}

export function printObject(object: JsonObject): string {
  return printManifest({ object, header: [], comments: [] });
}

/** Comments of whole lines before an item, without their margin and without its dash. */
export function commentsIn(between: string): readonly string[] {
  return between.split('\n').flatMap((line) => /^\s*(?:-\s+)?(#.*)$/.exec(line)?.[1] ?? []);
}

export function indented(text: string, lead: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.map((line, index) => (index === 0 ? lead : line && ' '.repeat(lead.length)) + line).join('\n');
}

function dedented({ file, start, end }: Span): string {
  const margin = start - (file.text.lastIndexOf('\n', start - 1) + 1);
  const [first = '', ...others] = file.text.slice(start, end).trimEnd().split('\n');
  const lines = others.map((line) => line.slice(Math.min(margin, line.length - line.trimStart().length)));
  return [first, ...lines].join('\n');
}
