import type { PolicyIr } from '../../ir/policy-ir.js';
import { keyInMesh } from '../../topology/model.js';

/** Who calls whom: the callees of each workload, as `cluster/namespace/name`. */
export type CallGraph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The calls that ask for an order: those to workloads behind waypoints, since a sidecar goes past every waypoint (I-02). Whoever
 * is not named, as everybody in a namespace that is open to all, asks for none: the proof of each state finds them.
 */
export function callGraph({ destinations }: PolicyIr, moving: ReadonlySet<string>): CallGraph {
  const graph = new Map<string, Set<string>>();
  for (const { destination, obligations, waypoint } of destinations) {
    if (waypoint === undefined) continue;
    const callees = destination.workloads.map(keyInMesh).filter((key) => moving.has(key));
    const callers = obligations
      .filter(({ effect }) => effect === 'Allow')
      .flatMap((obligation) => obligation.callers)
      .flatMap((caller) => (caller.kind === 'identities' || caller.kind === 'namespace' ? caller.members : []))
      .map(({ cluster, name }) => `${cluster}/${name}`)
      .filter((key) => moving.has(key));
    for (const caller of callers) {
      const known = graph.get(caller) ?? new Set();
      for (const callee of callees) if (callee !== caller) known.add(callee);
      graph.set(caller, known);
    }
  }
  return graph;
}
