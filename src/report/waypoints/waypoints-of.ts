import type { CompileResult } from '../../pipeline.js';
import { type Cluster, keyOf, type Waypoint } from '../../topology/model.js';
import { sortBy, sortedUnique } from '../../util/order.js';

/** One waypoint: why it is there, what it costs, and what goes down with it. */
export interface WaypointReport {
  readonly cluster: string;
  /** `namespace/name` */
  readonly waypoint: string;
  /** `written`: by this output; `used`: one of others; `unneeded`: nothing that the intents say needs it. */
  readonly state: 'written' | 'used' | 'unneeded';
  /** Whether the output has it: also one that nothing needs, as long as labels lead to it. */
  readonly isWritten: boolean;
  readonly reasons: readonly string[];
  /** The Services that nobody reaches any more when it is down, as `namespace/name`. */
  readonly services: readonly string[];
  readonly namespaces: readonly string[];
  /** Of one that Ambit writes. */
  readonly pods: WaypointCost | undefined;
}

interface WaypointCost {
  readonly replicas: number;
  readonly maxReplicas: number | null;
  readonly disruption: string;
  /** What all replicas ask for, in thousandths of a CPU and in Mi. */
  readonly cpuMillicores: number;
  readonly memoryMebibytes: number;
}

/** What one pod asks for, unless the installation says otherwise (istio-traffic-topology W-45). */
const onePod = { cpuMillicores: 100, memoryMebibytes: 128 };

type Compiled = Pick<CompileResult, 'ir' | 'placed' | 'topology'>;

/** Every waypoint that the output has, that its Services use, or that nothing needs any more. */
export function waypointsOf({ ir, placed, topology }: Compiled): readonly WaypointReport[] {
  if (ir === undefined || placed === undefined || topology === undefined) return [];
  const behind = (cluster: string, key: string) =>
    ir.destinations.filter(({ waypoint }) => waypoint?.cluster === cluster && keyOf(waypoint) === key);
  const written = new Map(placed.waypoints.map((each) => [`${each.cluster} ${keyOf(each)}`, each]));
  const existing = topology.clusters.flatMap((cluster) =>
    [...cluster.waypoints.values()].map((waypoint) => ({ cluster, waypoint })),
  );
  const ofOutput = placed.waypoints.map(({ cluster, namespace, name, services, because, pods }): WaypointReport => {
    const { replicas, maxReplicas, disruption } = pods;
    return {
      cluster,
      waypoint: keyOf({ namespace, name }),
      state: because.length > 0 ? 'written' : 'unneeded',
      isWritten: true,
      reasons: because,
      ...reachOf(services),
      pods: {
        replicas,
        maxReplicas: maxReplicas ?? null,
        disruption: `${disruption.bound}: ${disruption.pods}`,
        cpuMillicores: replicas * onePod.cpuMillicores,
        memoryMebibytes: replicas * onePod.memoryMebibytes,
      },
    };
  });
  const others = existing
    .filter(({ cluster, waypoint }) => !written.has(`${cluster.name} ${keyOf(waypoint)}`))
    .map(({ cluster, waypoint }): WaypointReport => {
      const reasons = behind(cluster.name, keyOf(waypoint)).flatMap((policy) => policy.waypoint?.because ?? []);
      return {
        cluster: cluster.name,
        waypoint: keyOf(waypoint),
        state: reasons.length > 0 ? 'used' : 'unneeded',
        isWritten: false,
        reasons: sortedUnique(reasons),
        ...reachOf(boundTo(cluster, waypoint)),
        pods: undefined,
      };
    });
  return sortBy(
    [...ofOutput, ...others],
    ({ cluster }) => cluster,
    ({ waypoint }) => waypoint,
  );
}

function boundTo({ services, serviceEntries }: Cluster, waypoint: Waypoint): readonly string[] {
  const key = keyOf(waypoint);
  return [...services.values(), ...serviceEntries.values()]
    .filter(({ binding }) => binding.kind === 'bound' && binding.waypoint === key)
    .map(keyOf);
}

function reachOf(services: readonly string[]): Pick<WaypointReport, 'services' | 'namespaces'> {
  const sorted = sortedUnique(services);
  return { services: sorted, namespaces: sortedUnique(sorted.map((key) => key.slice(0, key.indexOf('/')))) };
}
