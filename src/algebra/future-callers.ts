import { accountOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';

/** The accounts of waypoints: nobody else is to run as one. */
export function waypointAccounts({ clusters }: Mesh): ReadonlySet<string> {
  return new Set([...clusters.values()].flatMap(({ cluster }) => [...cluster.waypoints.values()].map(accountOf)));
}
