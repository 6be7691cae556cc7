import type { intent } from '../../algebra/answers.js';
import { type Bits, none } from '../../algebra/bits.js';
import type { callerPool } from '../../algebra/caller-pool.js';
import type { LanePlan } from '../../algebra/lane.js';
import type { spaceMaker } from '../../algebra/space.js';
import type { Mesh } from '../../mesh/mesh.js';

/** What every gateway of a mesh is proved with. */
export interface GatewayContext {
  readonly mesh: Mesh;
  readonly pool: ReturnType<typeof callerPool>;
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  readonly ask: ReturnType<typeof intent>;
}

/** Callers for whom there is a way to the listener. */
export function callersOfWays({ ways }: LanePlan): Bits {
  return ways.filter(({ stop }) => stop === undefined).reduce((bits, { callers }) => bits | callers, none);
}
