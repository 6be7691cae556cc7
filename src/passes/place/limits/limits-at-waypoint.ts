import type { SendingPoint } from '../../../dataplanes/endpoints.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedRateLimits } from '../../../ir/placed-limits.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Source } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { mayCall } from '../../reach.js';
import type { PlaceContext } from '../context.js';
import { sendersOf } from '../endpoints/senders.js';

/** By the Gateway, in its namespace, and by the name of the chain for the Service and port: `portNumber` never matches there (F-63). */
export function limitsAtWaypoint(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
): PlacedRateLimits[] {
  const { destination, waypoint } = policy;
  const { service, cluster, name } = destination;
  if (waypoint === undefined || service === undefined) return [];
  checkBypass(context, policy, traffic);
  const ports = service.ports.filter(({ layer, transport }) => layer !== 'tcp' && transport === 'TCP');
  const isElsewhere = waypoint.namespace !== destination.namespace;
  return [
    {
      cluster,
      namespace: waypoint.namespace,
      name: `${isElsewhere ? `${destination.namespace}-` : ''}${name}-limits-at-waypoint`,
      attachment: { kind: 'gateway', name: waypoint.name },
      chains: ports.map(({ number }) => ({ name: `inbound-vip|${number}|http|${service.host}` })),
      limits: traffic.limits,
      purpose: `how many requests to ${name} each pod of waypoint ${waypoint.name} lets through`,
      origin: traffic.origin,
    },
  ];
}

/** Callers who come past the waypoint are counted by nobody. */
function checkBypass(context: PlaceContext, policy: DestinationPolicy, { limits }: ResolvedTraffic): void {
  const cluster = context.clusterOf(policy);
  const callers = context.sources.filter((source) => mayCall(source, policy, cluster));
  const [limit] = limits;
  for (const [point, caller] of sendersOf(policy, callers, cluster)) {
    if (point === 'waypoint' || limit === undefined) continue;
    const because = `${whoSends[point]} \`${caller.name}\` sends past its waypoint`;
    const parameters = { limit: limit.origin.id, destination: destinationLabel(policy.destination), because };
    const help = helpFor(caller);
    context.report(diagnostic('limit-not-kept', parameters, limit.origin.span, { help }));
  }
}

const whoSends: Readonly<Record<SendingPoint, string>> = {
  sidecar: 'the sidecar of',
  gateway: 'gateway',
  ztunnel: 'ztunnel of',
  waypoint: 'waypoint',
};

function helpFor({ plane, name }: Source): string {
  return plane === 'gateway'
    ? 'turn `ENABLE_INGRESS_WAYPOINT_ROUTING` on in istiod and in the Mesh document, or leave the limit out'
    : `move \`${name}\` to ambient first, or leave the limit out`;
}
