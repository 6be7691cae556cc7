import { type PointKind, podPoint } from '../../dataplanes/capabilities.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { DestinationPolicy, PlacedPolicy, PlacedRule, PolicyRole } from '../../ir/policy-ir.js';
import type { Effect } from '../../parse/ast.js';
import { destinationLabel } from '../../resolve/destinations.js';
import { holds } from '../../resolve/scopes.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { checkCallers } from './check-callers.js';
import { checkExistingPolicies } from './check-existing.js';
import type { PlaceContext } from './context.js';
import { allowAtPods, atWaypoint, denyAtPods } from './place-at-pods.js';
import { exactSelectors } from './selectors.js';

/** Every policy that one destination needs: at its waypoint, and at the proxies of its pods, plane by plane. */
export function placeDestination(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  for (const obligation of policy.obligations) checkCallers(context, policy, obligation);
  checkRequests(context, policy);
  checkMeshed(context, policy);
  checkExistingPolicies(context, policy);
  return [...waypointPolicies(context, policy), ...podPolicies(context, policy)];
}

function waypointPolicies(context: PlaceContext, policy: DestinationPolicy): PlacedPolicy[] {
  const { waypoint, destination } = policy;
  if (waypoint === undefined) return [];
  const closure = closureOf(context, policy);
  const allow = closure === 'closed' ? atWaypoint(context, policy, 'Allow') : closure === 'reopened' ? [openToAll] : undefined;
  const deny = atWaypoint(context, policy, 'Deny');
  const attachment = { kind: 'service', name: destination.name } as const;
  const place = `decided at waypoint ${waypoint.namespace}/${waypoint.name}`;
  const base = { cluster: destination.cluster, namespace: destination.namespace, attachment, role: 'rules' } as const;
  return [
    ...(allow ? [{ ...base, name: `${destination.name}-allow`, effect: 'Allow' as const, purpose: `what requests ${destination.name} accepts, ${place}`, rules: allow, origins: defaultOrigins(policy) }] : []),
    ...(deny.length > 0 ? [{ ...base, name: `${destination.name}-deny`, effect: 'Deny' as const, purpose: `what requests ${destination.name} never accepts, ${place}`, rules: deny, origins: [] }] : []),
  ];
}

function defaultOrigins({ default: fallback }: DestinationPolicy): PlacedPolicy['origins'] {
  return fallback?.value === 'Deny' ? [fallback.origin] : [];
}

export function blameOf({ obligations, default: fallback, traffic, plaintext }: DestinationPolicy): Span | null {
  return (obligations[0] ?? plaintext[0])?.span ?? fallback?.origin.span ?? traffic?.origin.span ?? null;
}

/** A rule about requests on a port that only pods have, or about hosts in a form that Envoy cannot match exactly. */
function checkRequests(context: PlaceContext, { destination, obligations }: DestinationPolicy): void {
  const isAmbient = destination.workloads.some(({ mode }) => podPoint[mode.plane] === 'ztunnel');
  for (const { layer, ports, conditions, effect, span } of obligations) {
    const hidden = ports?.find(({ service }) => service === undefined);
    if (layer === 'L7' && isAmbient && hidden && destination.service?.hasVip) {
      const parameters = { port: hidden.label, destination: destinationLabel(destination) };
      const notes = [{ message: 'requests that are addressed to a pod pass no waypoint of its Service (istio-traffic-topology W-13)' }];
      const details = { label: 'ztunnel sees connections only', notes };
      context.report(diagnostic('requests-at-pods', parameters, conditions[0]?.span ?? span, details));
    }
    const suffix = conditions.find(({ key }) => key === 'hosts')?.values.find(({ value }) => value.startsWith('*'));
    if (effect === 'Deny' && suffix) {
      const witness = `a request with Host: ${suffix.value.replace('*', 'a')}:8443 is let through`;
      context.report(diagnostic('suffix-host-in-deny', { host: suffix.value }, suffix.span, { witness }));
    }
  }
}

function checkMeshed(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, obligations } = policy;
  for (const workload of destination.workloads) {
    if (podPoint[workload.mode.plane] !== undefined) continue;
    const [first] = obligations;
    const gap = `nothing enforces it in front of ${keyOf(workload)}`;
    const accepted = first !== undefined && obligations.every((obligation) => context.accepts(obligation, 'unmeshedWorkloads', gap));
    if (accepted) continue;
    const notes = [{ message: `why: ${workload.mode.because} (istio-traffic-topology ${workload.mode.fact})` }];
    const witness = `anybody who can reach the pod sends it any request`;
    context.report(diagnostic('unmeshed-destination', { workload: keyOf(workload) }, blameOf(policy), { label: 'nobody would enforce this', witness, notes }));
  }
}
