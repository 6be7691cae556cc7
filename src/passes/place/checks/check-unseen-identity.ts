import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Caller, Source } from '../../../resolve/resolved.js';
import { mtlsAtPods } from '../at-pods/pod-mtls.js';
import { arrives } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';

/** Without mutual TLS nobody shows a certificate: a rule by identity allows nobody, and denies nobody. */
export function checkUnseenIdentity(
  context: PlaceContext,
  policy: DestinationPolicy,
  { effect }: Obligation,
  caller: Caller,
): void {
  const named = [caller, ...caller.except].find(isKnownByIdentity);
  const mode = mtlsAtPods(context, policy).settings.find(({ value }) => value === 'Disabled');
  if (named === undefined || mode === undefined || comesByHbone(context, policy, named)) return;
  const destination = destinationLabel(policy.destination);
  const isRefused = (effect === 'Allow') === (named === caller);
  const consequence = isRefused ? 'is refused' : 'is let through';
  const label = named.kind === 'anyAuthenticated' ? 'a workload with a sidecar' : named.label;
  const witness = `${label} calls ${destination} in plaintext, as its sidecar is told to, and ${consequence}`;
  const notes = [
    { message: 'the mode that is for these pods', span: mode.origin.span },
    {
      message: 'identities come from certificates, and with mode DISABLE callers send none (istio-security §1.3, §5.1)',
    },
  ];
  context.report(
    diagnostic('identity-under-disabled', { caller: named.label, destination }, named.span, { witness, notes }),
  );
}

/** Tunnels end before modes count: whoever is ambient, and nobody else, is known at a sidecar that takes HBONE (istio-security §5.1). */
function comesByHbone(context: PlaceContext, policy: DestinationPolicy, caller: Caller): boolean {
  if (caller.kind !== 'identities' || caller.members.length === 0) return false;
  const cluster = context.around(policy);
  const takesHbone = policy.destination.workloads.every(({ mode }) => mode.hbone);
  const comesBy = (source: Source) =>
    source.plane === 'ambient' && arrives(policy, source, cluster) === 'direct with identity';
  return takesHbone && caller.members.every(comesBy);
}

function isKnownByIdentity({ kind }: Pick<Caller, 'kind'>): boolean {
  return kind === 'identities' || kind === 'namespace' || kind === 'anyAuthenticated';
}
