import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { keyOf } from '../../../topology/model.js';
import type { Bypass } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';

/**
 * What an acceptance lets past a waypoint is an identity. Ambient pods that run as it can call the pods' own addresses, where
 * ztunnel takes them for the callers that are let past (istio-traffic-topology W-13).
 */
export function checkTwins(
  context: PlaceContext,
  policy: DestinationPolicy,
  answering: Obligation,
  { caller }: Bypass,
): void {
  if (caller.kind !== 'identities') return;
  const { settings } = context.clusterOf(policy);
  const twin = context.sources.find(
    ({ plane, network, serviceAccount }) =>
      plane === 'ambient' && network === settings.network && caller.serviceAccounts.includes(serviceAccount),
  );
  if (twin === undefined) return;
  const isOneOfMany = context.ir.topology.clusters.length > 1;
  const name = `\`${twin.name}\`${isOneOfMany ? ` of cluster \`${twin.cluster}\`` : ''}`;
  const gap = `${name} can reach the pods without its requests being read, as ${caller.label} does`;
  if (context.accepts(answering, 'sharedIdentity', gap)) return;
  const parameters = {
    twin: name,
    serviceAccount: twin.serviceAccount,
    caller: caller.label,
    destination: destinationLabel(policy.destination),
  };
  const witness = `${twin.name} sends any request to the address of a pod of ${keyOf(policy.destination)}, and ztunnel takes it for ${caller.label}`;
  const notes = [
    { message: 'what is addressed to a pod passes no waypoint of its Service (istio-traffic-topology W-13)' },
  ];
  context.report(diagnostic('identity-past-waypoint', parameters, caller.span, { witness, notes }));
}
