import { notKept, type SendingPoint } from '../../../dataplanes/endpoints.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Source } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { type EndpointNeed, endpointNeeds } from '../../endpoint-needs.js';
import type { PlaceContext } from '../context.js';
import { sendersOf } from './senders.js';

/** Reports what is asked of endpoints and not kept to by whoever sends the requests of some caller on. */
export function checkKept(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  callers: readonly Source[],
): void {
  const senders = sendersOf(policy, callers, context.clusterOf(policy));
  // Routes that do not hold for ambient callers are refused with all that stands beside them.
  if (traffic.routes.length > 0) senders.delete('ztunnel');
  for (const need of endpointNeeds(traffic))
    for (const [point, caller] of senders) checkNeed(context, policy, traffic, need, point, caller);
}

function whoSends(point: SendingPoint, { name }: Source): string {
  if (point === 'waypoint') return 'a waypoint';
  return point === 'gateway'
    ? `gateway \`${name}\``
    : `${point === 'sidecar' ? 'the sidecar' : 'ztunnel'} of \`${name}\``;
}

function checkNeed(
  context: PlaceContext,
  policy: DestinationPolicy,
  { origin }: ResolvedTraffic,
  { feature, wish, span }: EndpointNeed,
  point: SendingPoint,
  caller: Source,
): void {
  const { destination } = policy;
  const isHeadless = destination.service?.headless === true;
  const lack = notKept(feature, point, context.clusterOf(policy).settings, isHeadless);
  if (lack === undefined) return;
  const parameters = {
    settings: origin.id,
    wish,
    destination: destinationLabel(destination),
    sender: whoSends(point, caller),
    senders: `${lack.points.join(', ')}${lack.since ? `, from Istio ${lack.since} on` : ''}`,
  };
  const notes = [{ message: `${lack.because} (${lack.fact})` }];
  context.report(diagnostic('wish-not-kept', parameters, span, { notes }));
}
