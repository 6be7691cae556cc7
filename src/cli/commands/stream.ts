import type { CompileResult } from '../../pipeline.js';

export type StreamFormat = 'yaml' | 'json';

/** All objects, or those of one cluster, as one text for `kubectl apply -f -`: a YAML stream with its comments, or a JSON `List`. */
export function printStream(result: CompileResult, format: StreamFormat, cluster: string | undefined): string {
  const isMeant = (_: unknown, index: number) =>
    (cluster ?? result.manifests[index]?.cluster) === result.manifests[index]?.cluster;
  const [files, manifests] = [result.files.filter(isMeant), result.manifests.filter(isMeant)];
  if (format === 'yaml') return files.map(({ text }) => text).join('---\n');
  const list = { apiVersion: 'v1', kind: 'List', items: manifests.map(({ object }) => object) };
  return `${JSON.stringify(list, null, 2)}\n`;
}
