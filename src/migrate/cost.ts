import type { Topology, Workload } from '../topology/model.js';
import { infrastructure } from '../topology/model.js';
import { type Assumable, type Assumptions, amountOf } from './assumptions.js';

/** What a person may say of the mesh that manifests do not tell. */
export interface CostOptions {
  /** How many nodes there are; `undefined`: as many as given pods run on, or one for thirty pods. */
  readonly nodes?: number | undefined;
  /** Requests a second, all over the mesh. */
  readonly requests: number;
  /** What is otherwise in this mesh than the charts of Istio have it. */
  readonly assume?: Assumptions;
}

/** What proxies of a data plane ask for. */
export interface Cost {
  readonly sidecars: number;
  readonly waypoints: number;
  readonly ztunnels: number;
  readonly cpuMillicores: number;
  readonly memoryMebibytes: number;
}

export interface CostAssumptions extends CostOptions {
  readonly nodes: number;
  readonly isCounted: boolean;
  readonly assume: Assumptions;
}

export function assumptionsOf({ clusters }: Topology, { nodes, requests, assume = {} }: CostOptions): CostAssumptions {
  if (nodes !== undefined) return { nodes, requests, assume, isCounted: true };
  const workloads = clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const named = new Set(
    workloads.flatMap(({ cluster, pods }) => pods.flatMap((pod) => nodeOf(cluster, pod.value.spec))),
  );
  const pods = workloads.reduce((sum, workload) => sum + podsOf(workload), 0);
  const isCounted = named.size > 0;
  return {
    nodes: isCounted ? named.size : Math.ceil(pods / amountOf(assume, 'node.pods')),
    requests,
    assume,
    isCounted,
  };
}

function nodeOf(cluster: string, spec: unknown): readonly string[] {
  const { nodeName } = Object(spec);
  return typeof nodeName === 'string' ? [`${cluster}/${nodeName}`] : [];
}

/** The cost of a state: sidecars by their pods, each waypoint by its replicas, and a ztunnel on each node (C-07). */
export function costOf({ clusters }: Topology, waypoints: readonly number[], assumed: CostAssumptions): Cost {
  const { nodes, requests, assume } = assumed;
  const of = (what: Assumable) => amountOf(assume, what);
  const waypointPods = waypoints.reduce((sum, replicas) => sum + (assume['waypoint.replicas'] ?? replicas), 0);
  const workloads = clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const withSidecar = workloads.filter(({ mode }) => mode.plane === 'sidecar');
  const sidecars = withSidecar.reduce((sum, workload) => sum + podsOf(workload), 0);
  const isAmbient = workloads.some(({ mode }) => mode.plane === 'ambient') || waypointPods > 0;
  const ztunnels = isAmbient ? nodes : 0;
  const members = workloads.filter(({ mode }) => mode.plane !== 'none' && !infrastructure.has(mode.plane));
  const carried = members.length === 0 ? 0 : withSidecar.length / members.length;
  const thousands = requests / 1000;
  // A request passes a sidecar at either end, or ztunnel at either end and one waypoint where there is one.
  const load =
    thousands *
    (carried * 2 * of('sidecar.load') +
      (1 - carried) * (2 * of('ztunnel.load') + (waypointPods > 0 ? of('waypoint.load') : 0)));
  return {
    sidecars,
    waypoints: waypointPods,
    ztunnels,
    cpuMillicores: Math.round(
      sidecars * of('sidecar.cpu') + waypointPods * of('waypoint.cpu') + ztunnels * of('ztunnel.cpu') + load,
    ),
    memoryMebibytes: Math.round(
      sidecars * of('sidecar.memory') + waypointPods * of('waypoint.memory') + ztunnels * of('ztunnel.memory'),
    ),
  };
}

function podsOf({ pods, object }: Workload): number {
  if (pods.length > 0) return pods.length;
  const { replicas } = Object(object.value.spec);
  return typeof replicas === 'number' ? replicas : 1;
}
