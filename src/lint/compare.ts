import type { Constants } from '../algebra/dimension.js';
import { constantsOf, type LanePlan } from '../algebra/lane.js';
import { type Reach, reachOf } from '../algebra/reach.js';
import { type RequestSet, subtract } from '../algebra/request-set.js';
import { mergeConstants, type Space } from '../algebra/space.js';
import { exactly } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import type { LintContext } from './context.js';

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

/** Values that make a witness easy to read where nothing else decides, the best first. */
export type Wishes = ReadonlyMap<Attribute, readonly string[]>;

export const commonWishes: Wishes = new Map<Attribute, readonly string[]>([
  ['request.method', ['GET', 'POST']],
  ['request.host', ['any']],
]);

/** Compares a lane with what it would be. What the model does not know for certain is in neither difference. */
export function compare(
  { mesh, spaceOf }: LintContext,
  plan: LanePlan,
  meant: LanePlan,
  wishes: Wishes = commonWishes,
): Comparison {
  const constants = mergeConstants([constantsOf(mesh, plan), constantsOf(mesh, meant)]);
  const space = spaceOf(withWishes(constants, wishes));
  const is = reachOf(mesh, space, plan);
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

/** Wished values become atoms of their own, of attributes that are compared with something anyway. */
export function withWishes(constants: Constants, wishes: Wishes): Constants {
  const compared = [...wishes].filter(([attribute]) => constants.has(attribute));
  return mergeConstants([constants, new Map(compared.map(([attribute, values]) => [attribute, values.map(exactly)]))]);
}
