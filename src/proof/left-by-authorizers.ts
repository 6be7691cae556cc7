import type { Gate, LanePlan, Way } from '../algebra/lane.js';
import type { Mesh } from '../mesh/mesh.js';
import { askingPolicies } from '../mesh/policies/enforcement.js';

/** A lane, and the mesh whose it is. */
interface LaneInMesh {
  readonly mesh: Mesh;
  readonly plan: LanePlan;
}

/**
 * The lane as it is for requests that external authorizers have left as they are. Rules speak of requests as an authorizer
 * that is asked about them leaves them, so that nothing is in doubt of a header which the Mesh document says that it
 * writes. Where anything else looks at requests before it is asked, what it has seen need not be what was left.
 */
export function leftByAuthorizers(mesh: Mesh, plan: LanePlan): LaneInMesh {
  if (!plan.ways.some(({ gates }) => gates.some(asksAny)) || !plan.ways.every(asksFirstAndOnce)) return { mesh, plan };
  const clusters = new Map(
    [...mesh.clusters].map(([name, each]) => [name, { ...each, asAuthorizersLeave: true }] as const),
  );
  const leftAt = (gate: Gate): Gate => {
    const { cluster } = gate.hop.mesh;
    return { ...gate, hop: { ...gate.hop, mesh: clusters.get(cluster.name) ?? gate.hop.mesh } };
  };
  const ways = plan.ways.map((way) => ({ ...way, gates: way.gates.map(leftAt) }));
  return { mesh: { ...mesh, clusters }, plan: { ...plan, ways } };
}

function asksAny({ enforcement }: Gate): boolean {
  return askingPolicies(enforcement).length > 0;
}

/** Nobody routes on the way, and whatever reads requests stands behind the one who has an authorizer asked. */
function asksFirstAndOnce({ gates, choices }: Way): boolean {
  const asking = gates.filter(asksAny);
  if (asking.length === 0) return true;
  const [first] = gates.filter(
    ({ enforcement }) => enforcement.policies.length + enforcement.authentication.length > 0,
  );
  return choices === undefined && asking.length === 1 && first === asking[0];
}
