import { accountOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';
import { callerOf } from '../mesh/paths/caller.js';
import { describeSource, type FutureWorkload } from '../mesh/request.js';
import type { CallerClass } from './callers.js';

/** A workload that nobody has deployed yet, as a caller. */
export function futureCaller(mesh: Mesh, source: FutureWorkload): CallerClass | undefined {
  const caller = callerOf(mesh, source);
  return caller.kind === 'caller'
    ? { caller, source, sources: [source], members: [describeSource(source)] }
    : undefined;
}

/** The accounts of waypoints: nobody else is to run as one. */
export function waypointAccounts({ clusters }: Mesh): ReadonlySet<string> {
  return new Set([...clusters.values()].flatMap(({ cluster }) => [...cluster.waypoints.values()].map(accountOf)));
}
