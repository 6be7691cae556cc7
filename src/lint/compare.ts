import { mergeConstants } from '../algebra/constants.js';
import { constantsOf, type LanePlan } from '../algebra/lane.js';
import { type Reach, reachOf } from '../algebra/reach.js';
import { type RequestSet, subtract } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import type { Mesh } from '../mesh/mesh.js';
import { oncePerObject } from '../util/once.js';
import type { LintContext } from './context.js';
import { commonWishes, type Wishes, withWishes } from './wishes.js';

/** A way in as it is, beside the same way if one thing were as its author thought. Both answers are certain. */
export interface Comparison {
  readonly plan: LanePlan;
  readonly space: Space;
  readonly is: Reach;
  readonly would: Reach;
  /** Let through, and would not be. */
  readonly slips: RequestSet;
  /** Refused, and would be let through. */
  readonly refused: RequestSet;
}

/** One way in is compared with many that it might be. */
const reachAsItIs = oncePerObject((mesh: Mesh) =>
  oncePerObject((space: Space) => oncePerObject((plan: LanePlan) => reachOf(mesh, space, plan))),
);

/** Compares a lane with what it would be. What the model does not know for certain is in neither difference. */
export function compare(
  { mesh, spaceOf }: LintContext,
  plan: LanePlan,
  meant: LanePlan,
  wishes: Wishes = commonWishes,
): Comparison {
  const constants = mergeConstants([constantsOf(mesh, plan), constantsOf(mesh, meant)]);
  const space = spaceOf(withWishes(constants, wishes));
  const is = reachAsItIs(mesh)(space)(plan);
  const would = meant === plan ? is : reachOf(mesh, space, meant);
  return {
    plan,
    space,
    is,
    would,
    slips: subtract(is.surely, would.possibly),
    refused: subtract(would.surely, is.possibly),
  };
}
