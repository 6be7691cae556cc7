import { reachOf } from '../../algebra/reach.js';
import { intersect, isEmpty, type RequestSet } from '../../algebra/request-set.js';
import type { Mesh } from '../../mesh/mesh.js';
import { isOpenWithin } from '../../mesh/network-policies/policy.js';
import type { NetworkStop } from '../../mesh/paths/hops.js';
import { groupBy } from '../../util/order.js';
import type { Situation } from '../intents/situation.js';

/** Requests that the mesh lets through, and that NetworkPolicies stop nonetheless, or may. */
export interface Cut {
  readonly network: NetworkStop;
  readonly requests: RequestSet;
}

/**
 * The mesh as it is without NetworkPolicies within it, of which it is only told what they stop: they close nothing for
 * Istio's policies, since they are not enforced everywhere, and what they close all the same must not be promised.
 */
export function tellingOfNetworkPolicies(mesh: Mesh): Mesh {
  if ([...mesh.clusters.values()].every(isOpenWithin)) return mesh;
  const clusters = [...mesh.clusters].map(([name, at]) => [name, { ...at, onlyTellsOfNetworkPolicies: true }] as const);
  return { ...mesh, clusters: new Map(clusters) };
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
