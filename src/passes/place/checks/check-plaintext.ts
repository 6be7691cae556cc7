import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Caller, Source } from '../../../resolve/resolved.js';
import { keyInMesh, keyOf } from '../../../topology/model.js';
import { canReach, means } from '../../reach.js';
import { mtlsAtPods } from '../at-pods/pod-mtls.js';
import { podPorts } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';

const law = 'a sidecar passes what is addressed to a pod on as it came, in plaintext (istio#37431)';

/** A sidecar's requests to a pod's own address carry no identity: a rule about identities neither allows nor denies them. */
export function checkPlaintext(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Caller,
): void {
  if (caller.kind !== 'identities' && caller.kind !== 'namespace' && caller.kind !== 'anyAuthenticated') return;
  const sidecars = sidecarsOf(context, policy, caller);
  const own = new Set(policy.destination.workloads.map(keyOf));
  // A replica can be kept from another one of its own workload; that it may call itself, nobody needs to say.
  const sidecar = obligation.effect === 'Deny' ? sidecars[0] : sidecars.find(({ name }) => !own.has(name));
  if (sidecar === undefined) return;
  if (obligation.effect === 'Deny') checkDenied(context, policy, obligation, caller, sidecar);
  else if (caller.kind === 'identities') checkAllowed(context, policy, obligation, caller, sidecar);
}

function sidecarsOf(context: PlaceContext, policy: DestinationPolicy, caller: Caller): Source[] {
  const members =
    caller.kind === 'identities' || caller.kind === 'namespace'
      ? caller.members
      : context.sources.filter((source) => means(caller, source));
  const cluster = context.around(policy);
  return members.filter((source) => source.plane === 'sidecar' && canReach(source, policy, cluster));
}

function checkDenied(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Caller,
  { name }: Source,
): void {
  if (!admitsPlaintext(context, policy, podPorts(obligation))) return;
  if (context.accepts(obligation, 'plaintextCallers', `${caller.label} can reach the pods in plaintext`)) return;
  const witness = `${name} sends the request to the address of a pod of ${keyOf(policy.destination)}, and is let through as an unauthenticated client`;
  const parameters = { caller: caller.label, destination: destinationLabel(policy.destination) };
  context.report(diagnostic('denied-in-plaintext', parameters, caller.span, { witness, notes: [{ message: law }] }));
}

/** Whether a request without identity gets past mTLS on some of these ports, and past the rules. */
function admitsPlaintext(
  context: PlaceContext,
  policy: DestinationPolicy,
  ports: readonly number[] | undefined,
): boolean {
  const { destination, default: fallback } = policy;
  const { isStrict, exceptions } = mtlsAtPods(context, policy);
  const concerns = (each: Obligation) =>
    ports === undefined || (podPorts(each)?.some((port) => ports.includes(port)) ?? true);
  if (isStrict && !exceptions.some(concerns)) return false;
  const admissions = destination.workloads.flatMap((workload) => context.openings.get(keyInMesh(workload)) ?? []);
  const isOpen = destination.workloads.some((workload) => context.open.has(keyInMesh(workload)));
  return isOpen || fallback?.value !== 'Deny' || admissions.some(concerns);
}

/** A port that only pods have is reached at their addresses alone. */
function checkAllowed(
  context: PlaceContext,
  policy: DestinationPolicy,
  { ports }: Obligation,
  caller: Caller,
  { name }: Source,
): void {
  const hidden = ports?.every(({ service }) => service === undefined) ? ports[0] : undefined;
  if (hidden === undefined) return;
  const witness = `${name} calls port ${hidden.label} of a pod of ${keyOf(policy.destination)} and is refused, though the rule allows it`;
  const parameters = { caller: caller.label, port: hidden.label, destination: destinationLabel(policy.destination) };
  context.report(diagnostic('pod-port-in-plaintext', parameters, caller.span, { witness, notes: [{ message: law }] }));
}
