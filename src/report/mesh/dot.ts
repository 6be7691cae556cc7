import { groupBy } from '../../util/order.js';
import { printable } from '../display-width.js';
import { type GraphEdge, graphOf } from './graph.js';
import { labelOf, remarksOn } from './mermaid.js';
import type { MeshReport } from './mesh-report.js';

/** The access graph for Graphviz. */
export function meshToDot(report: MeshReport): string {
  const graph = graphOf(report);
  const groups = [...groupBy(graph.nodes, ({ namespace }) => namespace)];
  const lines = groups.flatMap(([namespace, nodes], index) => {
    const own = nodes.map(({ id, label }) => `${quoted(id)} [label=${quoted(label)}];`);
    if (namespace === undefined) return own.map((line) => `  ${line}`);
    return [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(namespace)};`,
      ...own.map((line) => `    ${line}`),
      '  }',
    ];
  });
  const edges = graph.edges.map((edge) => `  ${quoted(edge.from)} -> ${quoted(edge.to)} [${attributesOf(edge)}];`);
  const remarks = remarksOn(graph, report).map((line) => `// ${line}`);
  const setting = ['  rankdir=LR;', '  node [shape=box];'];
  return `${[...remarks, 'digraph access {', ...setting, ...lines, ...edges, '}'].join('\n')}\n`;
}

function attributesOf(edge: GraphEdge): string {
  const style = edge.verdict === 'all' ? 'solid' : edge.verdict === 'some' ? 'dashed' : 'dotted';
  return `style=${style}, label=${quoted(labelOf(edge))}`;
}

function quoted(text: string): string {
  return `"${printable(text).replace(/[\\"]/g, '\\$&')}"`;
}
