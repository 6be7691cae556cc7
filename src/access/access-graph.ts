import { callerPool } from '../algebra/caller-pool.js';
import { plannerOf } from '../algebra/planner.js';
import { spaceMaker } from '../algebra/space.js';
import type { Mesh } from '../mesh/mesh.js';
import { unjudgedCrossings } from '../mesh/paths/crossing.js';
import { infrastructure } from '../topology/model.js';
import { untold } from '../util/progress.js';
import { type WayIn, waysInto } from './into-workloads.js';
import { type WayOut, waysOut } from './out-of-mesh.js';
import { type WayToGateway, waysToGateway } from './to-gateways.js';
import { type UnknownHosts, unknownHosts } from './unknown-hosts.js';

/** Who reaches what in a whole mesh: every way into every workload and gateway and out of the mesh, and who comes that way with what. */
export interface AccessGraph {
  readonly ways: readonly WayIn[];
  readonly toGateways: readonly WayToGateway[];
  readonly out: readonly WayOut[];
  readonly unknownHosts: readonly UnknownHosts[];
  /** Why nothing is said of calls between some clusters; such callers are in no way's `access`. */
  readonly crossings: readonly string[];
}

/**
 * Answers for all callers and all requests at once, way by way. Callers that no policy on a way tells apart are one, so
 * that the answer grows with the rules and not with the square of the workloads.
 */
export function accessGraph(mesh: Mesh, progress = untold): AccessGraph {
  const shared = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(mesh) };
  const clusters = [...mesh.clusters.values()];
  const sceneAt = (at: (typeof clusters)[number]) => {
    return { ...shared, at, planner: plannerOf(mesh, shared.pool, at.cluster.name) };
  };
  const places = clusters.flatMap((at) =>
    [...at.cluster.workloads.values()]
      .filter(({ mode }) => !infrastructure.has(mode.plane))
      .map((workload) => ({ at, workload })),
  );
  const ways = places.flatMap(({ at, workload }, index) => {
    progress('asking who reaches what', index, places.length);
    return waysInto(sceneAt(at), workload);
  });
  return {
    ways,
    toGateways: clusters.flatMap((at) =>
      [...at.cluster.gateways.values()].flatMap((gateway) => waysToGateway(sceneAt(at), gateway)),
    ),
    out: clusters.flatMap((at) => waysOut(mesh, at)),
    unknownHosts: clusters.map((at) => unknownHosts(mesh, at)),
    crossings: unjudgedCrossings(mesh),
  };
}
