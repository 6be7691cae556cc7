import type { Topology, Workload } from '../topology/model.js';
import { infrastructure } from '../topology/model.js';

/** What a person may say of the mesh that manifests do not tell. */
export interface CostOptions {
  /** How many nodes there are; `undefined`: as many as given pods run on, or one for thirty pods. */
  readonly nodes?: number | undefined;
  /** Requests a second, all over the mesh. */
  readonly requests: number;
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
}

interface Share {
  readonly cpu: number;
  readonly memory: number;
  /** Thousandths of a CPU for a thousand requests a second (C-01). */
  readonly load: number;
}

/** What the charts ask for one pod (C-06), and what it takes under load (C-01). */
export const shares = {
  sidecar: { cpu: 100, memory: 128, load: 200 },
  waypoint: { cpu: 100, memory: 128, load: 250 },
  ztunnel: { cpu: 200, memory: 512, load: 60 },
} as const satisfies Readonly<Record<'sidecar' | 'waypoint' | 'ztunnel', Share>>;

/** Pods on a node, where nobody says how many nodes there are. */
const podsOfNode = 30;

export function assumptionsOf({ clusters }: Topology, { nodes, requests }: CostOptions): CostAssumptions {
  if (nodes !== undefined) return { nodes, requests, isCounted: true };
  const workloads = clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const named = new Set(
    workloads.flatMap(({ cluster, pods }) => pods.flatMap((pod) => nodeOf(cluster, pod.value.spec))),
  );
  const pods = workloads.reduce((sum, workload) => sum + podsOf(workload), 0);
  const isCounted = named.size > 0;
  return { nodes: isCounted ? named.size : Math.ceil(pods / podsOfNode), requests, isCounted };
}

function nodeOf(cluster: string, spec: unknown): readonly string[] {
  const { nodeName } = Object(spec);
  return typeof nodeName === 'string' ? [`${cluster}/${nodeName}`] : [];
}

/** The cost of a state: sidecars by their pods, waypoints by their replicas, and a ztunnel on each node (C-07). */
export function costOf({ clusters }: Topology, waypointPods: number, { nodes, requests }: CostAssumptions): Cost {
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
    (carried * 2 * shares.sidecar.load +
      (1 - carried) * (2 * shares.ztunnel.load + (waypointPods > 0 ? shares.waypoint.load : 0)));
  return {
    sidecars,
    waypoints: waypointPods,
    ztunnels,
    cpuMillicores: Math.round(
      sidecars * shares.sidecar.cpu + waypointPods * shares.waypoint.cpu + ztunnels * shares.ztunnel.cpu + load,
    ),
    memoryMebibytes:
      sidecars * shares.sidecar.memory + waypointPods * shares.waypoint.memory + ztunnels * shares.ztunnel.memory,
  };
}

function podsOf({ pods, object }: Workload): number {
  if (pods.length > 0) return pods.length;
  const { replicas } = Object(object.value.spec);
  return typeof replicas === 'number' ? replicas : 1;
}
