import type { intent } from '../../algebra/answers.js';
import { type Bits, none } from '../../algebra/bits.js';
import type { callerPool } from '../../algebra/caller-pool.js';
import { type GatewayLane, lanesToGateway, namesComparedAt } from '../../algebra/gateway-lanes.js';
import type { LanePlan } from '../../algebra/lane.js';
import type { spaceMaker } from '../../algebra/space.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { ResolvedGatewaySecurity } from '../../resolve/resolved-gateway-security.js';
import { keyOf } from '../../topology/model.js';
import { namesOfSecurity } from './meant.js';

/** What every gateway of a mesh is proved with. */
export interface GatewayContext {
  readonly mesh: Mesh;
  readonly pool: ReturnType<typeof callerPool>;
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  readonly ask: ReturnType<typeof intent>;
}

/** The ways to a gateway, of each kind of server names that its rules or its policies tell apart. */
export function lanesOf({ clusters }: Mesh, security: ResolvedGatewaySecurity): readonly GatewayLane[] {
  const at = clusters.get(security.gateway.cluster);
  const gateway = at?.cluster.gateways.get(keyOf(security.gateway));
  if (at === undefined || gateway === undefined) return [];
  return lanesToGateway(gateway, [...namesComparedAt(at, gateway), ...namesOfSecurity(security)]);
}

/** Callers for whom there is a way to the listener. */
export function callersOfWays({ ways }: LanePlan): Bits {
  return ways.filter(({ stop }) => stop === undefined).reduce((bits, { callers }) => bits | callers, none);
}
