import type {
  AccessReport,
  EntryReport,
  MeshReport,
  PointReport,
  RuleReport,
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
  readonly entries: ReadonlyArray<Pick<EntryReport, 'gateway' | 'access'>>;
  readonly rules: readonly RuleReport[];
}

/** By what, carrying what, and the indexes of its enforcement points and of its callers. */
export type PageWay = readonly [by: string, carries: string, points: number, access: number];

export function pageDataOf({ clusters, workloads, entries, rules }: MeshReport): PageData {
  const points = numbering<readonly PointReport[]>();
  const access = numbering<readonly PageAccess[]>();
  const told = workloads.map(({ ways, ...workload }) => ({
    ...workload,
    ways: ways.map((way): PageWay => [way.by, way.carries, points.numberOf(way.points), access.numberOf(way.access)]),
  }));
  return {
    clusters: clusters.length,
    namespaces: [...new Set(workloads.map(({ namespace }) => namespace))],
    workloads: told,
    points: points.all,
    access: access.all,
    entries: entries.map(({ gateway, access: own }) => ({ gateway, access: own })),
    rules,
  };
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
