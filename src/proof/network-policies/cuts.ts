import { reachOf } from '../../algebra/reach.js';
import { intersect, isEmpty, type RequestSet } from '../../algebra/request-set.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { NetworkStop } from '../../mesh/paths/hops.js';
import { groupBy } from '../../util/order.js';
import type { Situation } from '../intents/situation.js';

/** Requests that the mesh lets through, and that NetworkPolicies stop nonetheless, or may. */
export interface Cut {
  readonly network: NetworkStop;
  readonly requests: RequestSet;
}

/** What NetworkPolicies stop of the requests that a lane owes. */
export function cutsOn(mesh: Mesh, { space, plan }: Situation, owed: RequestSet): readonly Cut[] {
  const stopped = plan.ways.flatMap((way) => (way.network === undefined ? [] : [{ way, network: way.network }]));
  return [...groupBy(stopped, ({ network }) => network.because).values()].flatMap((group) => {
    const [first] = group;
    const passing = reachOf(mesh, space, { ...plan, ways: group.map(({ way }) => way) });
    const requests = intersect(owed, passing.surely);
    return first === undefined || isEmpty(requests) ? [] : [{ network: first.network, requests }];
  });
}
