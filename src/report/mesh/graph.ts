import { groupBy, sortBy } from '../../util/order.js';
import type { AccessReport, HostReport, MeshReport, WayReport } from './mesh-report.js';

/** Who may call whom, to be drawn: workloads and gateways by namespace, hosts outside, and whoever stands for many. */
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
export function graphOf(report: Drawn): Graph {
  const edges = joined([...callEdges(report), ...gatewayEdges(report), ...ledEdges(report), ...outEdges(report)]);
  const isByNamespace = edges.length > mostEdges;
  const hosts = new Set(report.hosts.map(nameOfHost));
  const drawn = isByNamespace ? joined(edges.map((edge) => byNamespace(edge, hosts))) : edges;
  const ids = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const nodes = sortBy(ids, (id) => id).map((id): GraphNode => {
    if (hosts.has(id)) return { id, label: id, namespace: outside };
    const [namespace = '', name] = id.split('/');
    return name === undefined ? { id, label: id } : { id, label: name, namespace };
  });
  return { nodes, edges: drawn, isByNamespace, calls: edges.length };
}

type Drawn = Pick<MeshReport, 'workloads' | 'gateways' | 'entries' | 'hosts'>;

function callEdges({ workloads }: Drawn): readonly GraphEdge[] {
  return workloads.flatMap(({ namespace, name, ways }) => edgesTo(`${namespace}/${name}`, ways));
}

/** Who may call a gateway; what becomes of it behind is another arrow. */
function gatewayEdges({ gateways }: Drawn): readonly GraphEdge[] {
  return gateways.flatMap(({ namespace, name, ways }) => edgesTo(`${namespace}/${name}`, ways));
}

function edgesTo(to: string, ways: readonly WayReport[]): readonly GraphEdge[] {
  return ways.flatMap(({ access, points }) => {
    const names = points.map((point) => point.name);
    return access.flatMap((each) => edgesOf(each, to, names));
  });
}

function edgesOf({ verdict, callers, encryption }: AccessReport, to: string, points: readonly string[]) {
  if (verdict === 'none') return [];
  return callers.map((from): GraphEdge => ({ from, to, verdict, isPlaintext: encryption === 'plaintext', points }));
}

/** To what a gateway leads on whatever comes from outside. */
function ledEdges({ entries }: Drawn): readonly GraphEdge[] {
  return entries.flatMap(({ gateway: from, pods, access }) =>
    access.flatMap(({ verdict }) => {
      if (verdict === 'none') return [];
      const points = [`gateway ${from}`];
      return pods.map((pod): GraphEdge => {
        return { from, to: pod.replace(/:\d+$/, ''), verdict, isPlaintext: false, points };
      });
    }),
  );
}

function outEdges({ hosts }: Drawn): readonly GraphEdge[] {
  return hosts.flatMap((host) => host.access.flatMap((each) => edgesOf(each, nameOfHost(host), each.points)));
}

export const outside = 'outside the mesh';

export function nameOfHost({ host }: HostReport): string {
  return host ?? 'any other host';
}

function byNamespace(edge: GraphEdge, hosts: ReadonlySet<string>): GraphEdge {
  return { ...edge, from: namespaceOf(edge.from), to: hosts.has(edge.to) ? edge.to : namespaceOf(edge.to) };
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
