import type { SendingPoint } from '../../../dataplanes/endpoints.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { Source } from '../../../resolve/resolved.js';
import type { GatewayHop } from '../../../resolve/resolved-traffic.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { arrives } from '../at-waypoints/blind-spots.js';

/** Who sends on to the pods, each with one of the callers. */
export function sendersOf(
  policy: DestinationPolicy,
  callers: readonly Source[],
  cluster: Cluster,
): Map<SendingPoint, Source> {
  const [hop] = policy.traffic?.through?.hops ?? [];
  if (hop !== undefined) return new Map(callers.filter(serves(cluster, hop)).map((source) => ['gateway', source]));
  const found = new Map<SendingPoint, Source>();
  const own = new Set(policy.destination.workloads.map(keyOf));
  const others = callers.filter(({ name }) => !own.has(name));
  for (const caller of [...others, ...callers]) {
    const point = arrives(policy, caller, cluster) === 'waypoint' ? 'waypoint' : ownProxy[caller.plane];
    if (point !== undefined && !found.has(point)) found.set(point, caller);
  }
  return found;
}

/** What leaves the mesh by a gateway is sent on by that alone. */
function serves({ gateways }: Cluster, { listener }: GatewayHop): (source: Source) => boolean {
  const keys = [...gateways].filter(([, { listeners }]) => listeners.includes(listener)).map(([key]) => key);
  return ({ plane, name }) => plane === 'gateway' && keys.includes(name);
}

const ownProxy: Readonly<Partial<Record<Source['plane'], SendingPoint>>> = {
  sidecar: 'sidecar',
  gateway: 'gateway',
  ambient: 'ztunnel',
};
