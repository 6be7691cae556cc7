import type { Obligation, PolicyIr } from '../../ir/policy-ir.js';
import type { Caller } from '../../resolve/resolved.js';
import { keyInMesh } from '../../topology/model.js';
import { compareText } from '../../util/order.js';

/** Who calls whom: the callees of each workload, as `cluster/namespace/name`. */
export type CallGraph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The calls that ask for an order: those to workloads behind waypoints, since a sidecar goes past every waypoint (I-02). Where
 * a rule about requests is for anybody, everybody is a caller. Where all are let in but for what is denied, those whose requests
 * are denied are callers: ztunnel denies them the whole port. Whoever no rule speaks of asks for none.
 */
export function callGraph({ destinations }: PolicyIr, moving: ReadonlySet<string>): CallGraph {
  const graph = new Map<string, Set<string>>();
  const all = [...moving].sort(compareText);
  for (const { destination, obligations, waypoint, default: byDefault } of destinations) {
    if (waypoint === undefined) continue;
    const isOpen = byDefault?.value !== 'Deny';
    const callees = destination.workloads.map(keyInMesh).filter((key) => moving.has(key));
    const callers = obligations
      .filter(({ effect, layer }) => effect === 'Allow' || (isOpen && layer === 'L7'))
      .flatMap((obligation) => obligation.callers.flatMap((caller) => keysOf(caller, obligation, all)))
      .filter((key) => moving.has(key));
    for (const caller of callers) {
      const known = graph.get(caller) ?? new Set();
      for (const callee of callees) if (callee !== caller) known.add(callee);
      graph.set(caller, known);
    }
  }
  return graph;
}

function keysOf(caller: Caller, { layer }: Obligation, all: readonly string[]): readonly string[] {
  if (caller.kind === 'identities' || caller.kind === 'namespace') {
    return caller.members.map(({ cluster, name }) => `${cluster}/${name}`);
  }
  const isAnybody = caller.kind === 'anyone' || caller.kind === 'anyAuthenticated';
  return isAnybody && layer === 'L7' ? all : [];
}
