import type { Mesh } from '../mesh/mesh.js';
import { keyOf } from '../topology/model.js';
import type { Reason } from './reason.js';

/** By namespace with workloads in the mesh one that is called, and is not: nothing would enforce there what settings of the namespace say. */
export type OutsideMesh = ReadonlyMap<string, string>;

export function outsideMesh({ clusters }: Mesh): OutsideMesh {
  const workloads = [...clusters.values()].flatMap(({ cluster }) => [...cluster.workloads.values()]);
  const outside = workloads.filter(
    ({ mode, ports, services }) => mode.plane === 'none' && ports.length + services.length > 0,
  );
  return new Map(outside.map((workload) => [workload.namespace, keyOf(workload)]));
}

/** Why a policy for all of a namespace stays that closes it. */
export function closesTheRest(workload: string): Reason {
  return {
    because: `\`${workload}\` of its namespace is not in the mesh, and nothing would enforce there what settings of the namespace promise`,
    help: 'enrol it, and import again; until then it goes on to close what is in the mesh, beside settings of single workloads',
  };
}
