import type { Bits } from '../algebra/bits.js';
import type { Constants } from '../algebra/constants.js';
import { comparersOf, constantsOf, type Gate, type LanePlan, type Way } from '../algebra/lane.js';
import { boxSet, intersect, type RequestSet } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { realRequests } from '../algebra/universe.js';
import type { Mesh } from '../mesh/mesh.js';
import { sightOf } from '../mesh/paths/hops.js';
import type { Site } from './sites.js';
import { commonWishes, withWishes } from './wishes.js';

/** One enforcement point on one way in, with all the callers that meet it in the same guise. */
export interface EnforcementSite {
  readonly plan: LanePlan;
  readonly space: Space;
  readonly gate: Gate;
  /** The requests that come to it. */
  readonly arriving: RequestSet;
}

/** Every site of the mesh where something is compared, those that enforce alike once. */
export function enforcementSitesOf(
  mesh: Mesh,
  sites: readonly Site[],
  spaceOf: (constants: Constants) => Space,
): readonly EnforcementSite[] {
  const known = new Set<string>();
  return sites.flatMap(({ plan }) => {
    if (comparersOf(plan).length === 0) return [];
    const space = spaceOf(withWishes(constantsOf(mesh, plan), commonWishes));
    return gatesOf(plan.ways).flatMap(({ gate, callers }) => {
      const key = keyOf(gate, callers, plan);
      if (known.has(key)) return [];
      known.add(key);
      const here = boxSet(space.shape, new Map([[0, callers]]));
      return { plan, space, gate, arriving: intersect(realRequests(mesh, space), here) };
    });
  });
}

interface Arrivals {
  readonly gate: Gate;
  readonly callers: Bits;
}

function gatesOf(ways: readonly Way[]): readonly Arrivals[] {
  const arrivals: Arrivals[] = [];
  for (const { gates, callers } of ways) {
    for (const gate of gates) {
      const index = arrivals.findIndex(({ gate: { hop, enforcement } }) => {
        return enforcement === gate.enforcement && sightOf(hop) === sightOf(gate.hop);
      });
      const before = arrivals[index];
      if (before === undefined) arrivals.push({ gate, callers });
      else arrivals[index] = { gate, callers: before.callers | callers };
    }
  }
  return arrivals;
}

/** Two sites with the same policies, the same port and the same callers match the same requests. */
function keyOf({ hop, enforcement }: Gate, callers: Bits, { lane }: LanePlan): string {
  const policies = enforcement.policies.map(({ policy }) => `${policy.kind} ${policy.namespace}/${policy.name}`);
  const tokens = enforcement.authentication.map(({ namespace, name }) => `${namespace}/${name}`);
  const place = [
    hop.mesh.cluster.name,
    hop.point.kind,
    hop.chain,
    hop.port,
    sightOf(hop),
    lane.payload,
    callers.toString(16),
  ];
  return [...place, ...policies, '', ...tokens].join('\n');
}
