import { callersOf } from '../../../src/algebra/callers.js';
import { type Constants, mergeConstants } from '../../../src/algebra/constants.js';
import { constantsOf, type Lane, planLane } from '../../../src/algebra/lane.js';
import { reachOf } from '../../../src/algebra/reach.js';
import { contains } from '../../../src/algebra/request-set.js';
import { spaces } from '../../../src/algebra/space.js';
import { realRequests } from '../../../src/algebra/universe.js';
import { requestAt } from '../../../src/algebra/witness.js';
import { decide } from '../../../src/mesh/decide.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import { describeRequest, type Request } from '../../../src/mesh/request.js';

export function analyse(mesh: Mesh, lane: Lane, more: Constants = new Map()) {
  const callers = callersOf(mesh);
  const plan = planLane(mesh, callers, lane);
  const space = spaces(mesh, callers)(mergeConstants([constantsOf(mesh, plan), more]));
  return { space, lane, reach: reachOf(mesh, space, plan) };
}

function members(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (all, size) => all.flatMap((member) => Array.from({ length: size }, (_, index) => [...member, index])),
    [[]],
  );
}

/** The same where either may lack a fact that the other does not need: none says yes where the other says no. */
export function contradictions(mesh: Mesh, lane: Lane): string[] {
  return disagreements(mesh, lane).filter((each) => !each.includes('not-modelled'));
}

/**
 * Every class of requests, decided one by one, must be where the algebra puts it. Values that nobody compares are asked about
 * where there are more constants than the algebra needs.
 */
export function disagreements(
  mesh: Mesh,
  lane: Lane,
  isAsked: (request: Request) => boolean = () => true,
  more: Constants = new Map(),
): string[] {
  const { space, reach } = analyse(mesh, lane, more);
  const real = realRequests(mesh, space);
  return members(space.shape.sizes)
    .filter((member) => contains(real, member))
    .flatMap((member) => {
      const request = requestAt(space, lane, member);
      if (request === undefined) return ['no request'];
      if (!isAsked(request)) return [];
      const expected = decide(mesh, request).verdict.kind;
      const [surely, possibly] = [contains(reach.surely, member), contains(reach.possibly, member)];
      const found = surely ? 'allowed' : possibly ? 'not-modelled' : 'denied';
      return found === expected ? [] : [`${describeRequest(request)}: ${found}, but decided ${expected}`];
    });
}
