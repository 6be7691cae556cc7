import { groupBy } from '../../util/order.js';
import { printable } from '../display-width.js';
import { type Graph, type GraphEdge, graphOf, mostEdges } from './graph.js';
import type { MeshReport } from './mesh-report.js';

/** The access graph as a Mermaid flowchart, for a page of documentation. */
export function meshToMermaid(report: MeshReport): string {
  const graph = graphOf(report);
  const numbers = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const nameOf = (id: string) => numbers.get(id) ?? '';
  const groups = [...groupBy(graph.nodes, ({ namespace }) => namespace)];
  const lines = groups.flatMap(([namespace, nodes], index) => {
    const own = nodes.map(({ id, label }) => `${nameOf(id)}["${escaped(label)}"]`);
    if (namespace === undefined) return own.map((line) => `  ${line}`);
    return [`  subgraph g${index} ["${escaped(namespace)}"]`, ...own.map((line) => `    ${line}`), '  end'];
  });
  const edges = graph.edges.map((edge) => `  ${nameOf(edge.from)} ${arrowOf(edge)} ${nameOf(edge.to)}`);
  const remarks = remarksOn(graph, report).map((line) => `%% ${line}`);
  return `${[...remarks, 'flowchart LR', ...lines, ...edges].join('\n')}\n`;
}

/** Whole lines are any request, dotted ones some, and a question mark stands for what is not known. */
function arrowOf(edge: GraphEdge): string {
  const text = labelOf(edge);
  const line = edge.verdict === 'all' ? '-->' : '-.->';
  return text === '' ? line : `${line}|"${escaped(text)}"|`;
}

export function labelOf({ verdict, isPlaintext, points }: GraphEdge): string {
  const how = [...(verdict === 'undecided' ? ['undecided'] : []), ...(isPlaintext ? ['plaintext'] : [])];
  return [...how, ...(points.length === 0 ? ['enforced nowhere'] : points)].join(', ');
}

/** What a reader of the drawing must know. */
export function remarksOn({ isByNamespace, calls }: Graph, { title, crossings }: MeshReport): readonly string[] {
  return [
    `access in ${title}; arrows lead from callers to whom they may call`,
    ...(isByNamespace ? [`${calls} calls are more than ${mostEdges}, so that they are put together by namespace`] : []),
    ...crossings.map((fact) => `not judged: ${fact}`),
  ].map((line) => printable(line).replaceAll('\n', ' '));
}

/** Mermaid reads entities in quoted texts, and nothing else in them means anything. */
function escaped(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N} ./:,_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
