import type { Mesh } from '../mesh.js';
import { isOpenWithin } from './policy.js';

/**
 * The mesh as it is without NetworkPolicies within it, of which it is only told what they stop: they close nothing for
 * Istio's policies, since they are not enforced everywhere, and what they close all the same must not be promised.
 */
export function tellingOfNetworkPolicies(mesh: Mesh): Mesh {
  if ([...mesh.clusters.values()].every(isOpenWithin)) return mesh;
  const clusters = [...mesh.clusters].map(([name, at]) => [name, { ...at, onlyTellsOfNetworkPolicies: true }] as const);
  return { ...mesh, clusters: new Map(clusters) };
}
