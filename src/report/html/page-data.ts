import { groupBy } from '../../util/order.js';
import { nameOfHost, outside } from '../mesh/graph.js';
import type {
  AccessReport,
  EntryReport,
  HostReport,
  MeshReport,
  PointReport,
  RuleReport,
  WayReport,
  WorkloadReport,
} from '../mesh/mesh-report.js';

export type PageAccess = AccessReport;

/** What the page draws by itself. What many ways have in common is in it once, and they say which. */
export interface PageData {
  /** How many clusters there are. */
  readonly clusters: number;
  readonly namespaces: readonly string[];
  readonly workloads: ReadonlyArray<Omit<WorkloadReport, 'ways'> & { readonly ways: readonly PageWay[] }>;
  readonly points: ReadonlyArray<readonly PointReport[]>;
  readonly access: ReadonlyArray<readonly PageAccess[]>;
  readonly gateways: ReadonlyArray<{
    readonly cluster: string;
    readonly name: string;
    readonly ways: readonly PageWay[];
  }>;
  readonly hosts: ReadonlyArray<{ readonly cluster: string; readonly name: string; readonly ways: readonly PageWay[] }>;
  /** What hosts stand under, where namespaces are drawn. */
  readonly outside: string;
  readonly entries: ReadonlyArray<Pick<EntryReport, 'gateway' | 'pods' | 'access'>>;
  readonly rules: readonly RuleReport[];
}

/** By what, carrying what, and the indexes of its enforcement points and of its callers. */
export type PageWay = readonly [by: string, carries: string, points: number, access: number];

export function pageDataOf({ clusters, workloads, gateways, hosts, entries, rules }: MeshReport): PageData {
  const points = numbering<readonly PointReport[]>();
  const access = numbering<readonly PageAccess[]>();
  const numbered = (ways: readonly WayReport[]) =>
    ways.map((way): PageWay => [way.by, way.carries, points.numberOf(way.points), access.numberOf(way.access)]);
  const told = workloads.map(({ ways, ...workload }) => ({ ...workload, ways: numbered(ways) }));
  return {
    clusters: clusters.length,
    namespaces: [...new Set(workloads.map(({ namespace }) => namespace))],
    workloads: told,
    points: points.all,
    access: access.all,
    gateways: gateways.map(({ cluster, namespace, name, ways }) => {
      return { cluster, name: `${namespace}/${name}`, ways: numbered(ways) };
    }),
    hosts: hosts.map((host) => ({ cluster: host.cluster, name: nameOfHost(host), ways: numbered(waysOut(host)) })),
    outside,
    entries: entries.map(({ gateway, pods, access: own }) => ({ gateway, pods, access: own })),
    rules,
  };
}

/** Callers out of the mesh for whom the same decides come one way. */
function waysOut({ port, protocol, carries, access }: HostReport): readonly WayReport[] {
  const by = port === null ? 'any port' : `port ${port}, ${protocol}`;
  return [...groupBy(access, ({ points }) => points.join('\n')).values()].map((own) => ({
    by,
    podPort: null,
    carries,
    points: (own[0]?.points ?? []).map((name) => ({ name, policies: [] })),
    access: own,
  }));
}

function numbering<T>() {
  const numbers = new Map<string, number>();
  const all: T[] = [];
  return {
    all,
    numberOf(value: T): number {
      const key = JSON.stringify(value);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, all.length);
      return all.push(value) - 1;
    },
  };
}
