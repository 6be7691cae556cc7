import { groupBy, sortBy } from '../../util/order.js';
import type { MeshReport } from './mesh-report.js';

/** Who may call whom, to be drawn: workloads and gateways by namespace, and whoever stands for many. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Whether calls were put together by namespace, since there are too many to draw one by one. */
  readonly isByNamespace: boolean;
  /** How many calls there are, one by one. */
  readonly calls: number;
}

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** The namespace that it is in; absent for whoever is in none. */
  readonly namespace?: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `some`: only some requests; `undecided`: nobody knows whether any. */
  readonly verdict: 'all' | 'some' | 'undecided';
  readonly isPlaintext: boolean;
  /** Where it is enforced; none where nothing enforces it. */
  readonly points: readonly string[];
}

/** More arrows than this nobody can follow. */
export const mostEdges = 150;

/** The graph of a whole report; by namespace where it has too many calls. */
export function graphOf(report: Pick<MeshReport, 'workloads' | 'entries'>): Graph {
  const edges = joined([...callEdges(report), ...entryEdges(report)]);
  const isByNamespace = edges.length > mostEdges;
  const drawn = isByNamespace ? joined(edges.map(byNamespace)) : edges;
  const ids = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const nodes = sortBy(ids, (id) => id).map((id): GraphNode => {
    const [namespace = '', name] = id.split('/');
    return name === undefined ? { id, label: id } : { id, label: name, namespace };
  });
  return { nodes, edges: drawn, isByNamespace, calls: edges.length };
}

function callEdges({ workloads }: Pick<MeshReport, 'workloads'>): readonly GraphEdge[] {
  return workloads.flatMap(({ namespace, name, ways }) =>
    ways.flatMap(({ access, points }) =>
      access.flatMap((each): readonly GraphEdge[] => {
        const { verdict, encryption } = each;
        if (verdict === 'none') return [];
        return each.callers.map((from) => ({
          from,
          to: `${namespace}/${name}`,
          verdict,
          isPlaintext: encryption === 'plaintext',
          points: points.map((point) => point.name),
        }));
      }),
    ),
  );
}

function entryEdges({ entries }: Pick<MeshReport, 'entries'>): readonly GraphEdge[] {
  return entries.flatMap(({ gateway, access }) =>
    access.flatMap(({ who, verdict }): readonly GraphEdge[] =>
      verdict === 'none'
        ? []
        : [{ from: who, to: gateway, verdict, isPlaintext: false, points: [`gateway ${gateway}`] }],
    ),
  );
}

function byNamespace(edge: GraphEdge): GraphEdge {
  return { ...edge, from: namespaceOf(edge.from), to: namespaceOf(edge.to) };
}

function namespaceOf(id: string): string {
  const [namespace = '', name] = id.split('/');
  return name === undefined ? id : `namespace ${namespace}`;
}

const order: ReadonlyArray<GraphEdge['verdict']> = ['all', 'some', 'undecided'];

/** One arrow for all ways from one to another: as wide as the widest, and said to be plaintext where one is. */
function joined(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const alike = groupBy(edges, ({ from, to }) => `${from}\n${to}`);
  const arrows = [...alike.values()].flatMap((all): readonly GraphEdge[] => {
    const [widest] = sortBy(all, ({ verdict }) => order.indexOf(verdict));
    if (widest === undefined) return [];
    const points = [...new Set(all.flatMap((each) => each.points))].sort();
    return [{ ...widest, isPlaintext: all.some(({ isPlaintext }) => isPlaintext), points }];
  });
  return sortBy(
    arrows,
    ({ from }) => from,
    ({ to }) => to,
  );
}
