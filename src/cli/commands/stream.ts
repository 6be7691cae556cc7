import type { CompileResult } from '../../pipeline.js';

export type StreamFormat = 'yaml' | 'json';

/** All objects as one text for `kubectl apply -f -`: a YAML stream with its comments, or a JSON `List`. */
export function printStream({ files, manifests }: CompileResult, format: StreamFormat): string {
  if (format === 'yaml') return files.map(({ text }) => text).join('---\n');
  const list = { apiVersion: 'v1', kind: 'List', items: manifests.map(({ object }) => object) };
  return `${JSON.stringify(list, null, 2)}\n`;
}
