import type { CallerClass } from '../../algebra/callers.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { type Caller, callerOf } from '../../mesh/paths/caller.js';
import type { Stop } from '../../mesh/paths/hops.js';
import type { ResolvedReachability } from '../../resolve/resolved-reachability.js';
import { keyOf, type Workload } from '../../topology/model.js';

/** A workload with a sidecar of which settings say what it knows. */
export interface Subject {
  readonly reachability: ResolvedReachability;
  readonly at: MeshCluster;
  readonly workload: Workload;
  readonly caller: Caller | Stop;
}

export function subjectsIn(mesh: Mesh, at: MeshCluster, all: readonly ResolvedReachability[]): readonly Subject[] {
  return [...at.cluster.workloads.values()].flatMap((workload) => {
    const reachability = reachabilityOf(mesh, workload, all);
    if (reachability === undefined) return [];
    return [{ reachability, at, workload, caller: callerOf(mesh, sourceOf(workload)) }];
  });
}

/** What settings say of what a workload's sidecar knows; nothing where none do, or where it has none. */
export function reachabilityOf(
  mesh: Mesh,
  workload: Workload,
  all: readonly ResolvedReachability[],
): ResolvedReachability | undefined {
  const said = nearestFor(workload, all);
  if (said === undefined || workload.mode.plane !== 'sidecar') return undefined;
  return isUnscoped(mesh, workload, said) ? undefined : said;
}

/** What is said of a workload, else of its namespace, else of the mesh. */
function nearestFor(
  { namespace, name }: Workload,
  all: readonly ResolvedReachability[],
): ResolvedReachability | undefined {
  const own = ({ scope }: ResolvedReachability) =>
    scope.kind === 'workload' && scope.namespace === namespace && scope.name === name;
  const ofNamespace = ({ scope }: ResolvedReachability) => scope.kind === 'namespace' && scope.namespace === namespace;
  return all.find(own) ?? all.find(ofNamespace) ?? all.find(({ scope }) => scope.kind === 'mesh');
}

/** Settings for the mesh leave the pods of the root namespace out, whose Sidecar would be that of all others. */
function isUnscoped({ topology }: Mesh, { namespace }: Workload, { scope }: ResolvedReachability): boolean {
  return scope.kind === 'mesh' && namespace === topology.mesh.rootNamespace;
}

export function sourceOf({ cluster, namespace, name }: Workload) {
  return { kind: 'workload', cluster, workload: keyOf({ namespace, name }) } as const;
}

/** One workload as rules compare callers. */
export function classOf(workload: Workload, caller: Caller): CallerClass {
  const source = sourceOf(workload);
  return { caller, source, sources: [source], members: [] };
}
