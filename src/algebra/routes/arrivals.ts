import { groupBy } from '../../util/order.js';
import type { LanePlan } from '../lane.js';
import { asSent, keyOfRewritten, type Rewritten } from './rewritten.js';

/** The ways of a lane on which routes make the same of requests until they come to the pod. */
export interface Arrival {
  readonly plan: LanePlan;
  readonly arriving: Rewritten;
}

export function arrivalsOf({ lane, ways }: LanePlan): readonly Arrival[] {
  if (ways.every(({ arriving }) => arriving === undefined)) return [{ plan: { lane, ways }, arriving: asSent }];
  const groups = groupBy(ways, ({ arriving = asSent }) => keyOfRewritten(arriving));
  return [...groups.values()].map((group) => ({
    plan: { lane, ways: group },
    arriving: group[0]?.arriving ?? asSent,
  }));
}
