import type { Mesh } from '../mesh/mesh.js';
import { isManaged, type ManifestObject } from '../parse/document.js';
import { groupBy, sortBy } from '../util/order.js';
import type { Besides } from './fates.js';
import { keyOfObject } from './policies.js';

/**
 * What says on which ports and for which hosts gateways listen, but for what Ambit wrote. It has no rules, and it stays: what the
 * settings of a gateway say of listeners is for one that no manifest has.
 */
export function listenersThatStay({ topology: { clusters } }: Mesh): readonly Besides[] {
  const all = clusters.flatMap(({ gateways, istioGateways, listenerSets }) => [
    ...[...gateways.values()].filter(({ kind }) => kind === 'gateway-api').map(({ object }) => object),
    ...istioGateways,
    ...listenerSets,
  ]);
  const byKey = groupBy(all.filter(isByHand), keyOfObject);
  return sortBy(byKey, ([key]) => key).flatMap(([, [object]]) => (object === undefined ? [] : [{ object, because }]));
}

const because =
  'it says where the gateway listens, which intents say only of gateways that Ambit writes; routes and rules for it are said all the same';

function isByHand(object: ManifestObject): boolean {
  return !isManaged(object);
}
