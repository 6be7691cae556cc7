import { type JointCallers, jointCallers } from '../compare/joint-callers.js';
import type { Mesh } from '../mesh/mesh.js';
import { tellingOfNetworkPolicies } from '../mesh/network-policies/telling.js';
import { once, oncePerObject } from '../util/once.js';

/** Another state of the mesh that is proved, before it: the same Istio and the same workloads. */
export interface Earlier {
  readonly mesh: Mesh;
  /** Everybody who calls now, paired with who it was then. */
  readonly callers: () => JointCallers;
}

export function earlierThan(mesh: Mesh, before: Mesh): Earlier {
  const told = tellingOf(before);
  return { mesh: told, callers: once(() => jointCallers(told, mesh)) };
}

/** One mesh for all states that are compared with it. */
const tellingOf = oncePerObject(tellingOfNetworkPolicies);
