import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { isNamespacePattern } from '../../../resolve/namespace-pattern.js';
import type { Caller, NamedCaller, Source } from '../../../resolve/resolved.js';
import { keyOf } from '../../../topology/model.js';
import { speaksMutualTls } from '../../../topology/tls-mode.js';
import { canReach } from '../../reach.js';
import { mtlsAtPods } from '../at-pods/pod-mtls.js';
import type { PlaceContext } from '../context.js';
import { trustDomains } from '../source-match.js';
import { checkAddresses } from './check-addresses.js';
import { checkPlaintext } from './check-plaintext.js';
import { checkUnseenIdentity } from './check-unseen-identity.js';

/** Refuses callers that no proxy could tell from others, or could not recognise at all, whatever the rule matches on. */
export function checkCallers(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation): void {
  for (const caller of obligation.callers) {
    checkShared(context, obligation, caller, obligation.effect === 'Allow' ? 'admitted' : 'denied');
    checkExcepted(context, policy, obligation, caller);
    for (const each of [caller, ...caller.except]) checkPattern(context, each);
    checkIdentified(context, policy, obligation, caller);
    checkNetwork(context, policy, caller);
    checkPlaintext(context, policy, obligation, caller);
    checkUnseenIdentity(context, policy, obligation, caller);
    if (caller.kind === 'addresses') {
      warnAboutGateways(context, policy, obligation, caller);
      checkAddresses(context, policy, obligation, caller);
    }
  }
}

function checkShared(context: PlaceContext, obligation: Obligation, caller: Caller, verdict: string): void {
  if (caller.kind !== 'identities' || caller.sharers.length === 0) return;
  const [sharer] = caller.sharers;
  const sharers = caller.sharers
    .slice(0, 3)
    .map(({ name }) => `\`${name}\``)
    .join(', ');
  const more = caller.sharers.length > 3 ? ` and ${caller.sharers.length - 3} more` : '';
  if (
    context.accepts(
      obligation,
      'sharedIdentity',
      `${caller.label} means ${sharers}${more} too, by the ServiceAccount that they share`,
    )
  )
    return;
  context.report(
    diagnostic(
      'shared-identity',
      { caller: caller.label, sharers: `${sharers}${more}`, serviceAccount: sharer?.serviceAccount ?? '' },
      caller.span,
      {
        label: 'means more workloads than it says',
        witness: `${sharer?.name} sends the same request and is ${verdict} too`,
      },
    ),
  );
}

/** An identity rule cannot match a caller without identity: an ALLOW would refuse it, a DENY would let it through. */
function checkIdentified(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Caller,
): void {
  if (caller.kind === 'unidentified' && caller.isOne) checkUnidentified(context, obligation, caller);
  if (caller.kind !== 'identities' && caller.kind !== 'namespace') return;
  const consequence =
    obligation.effect === 'Allow'
      ? 'is refused, though the rule allows it'
      : 'is let through, though the rule denies it';
  checkMembers(context, policy, obligation, caller, consequence);
}

/** `namespaces` of a policy means those of every trust domain, and no principal has a pattern in its middle (istio-security §8.3). */
function checkPattern(context: PlaceContext, caller: Caller): void {
  if (caller.kind !== 'namespace' || !isNamespacePattern(caller.namespace)) return;
  const domains = trustDomains(context);
  if (domains.length === 1) return;
  const parameters = { pattern: caller.namespace, domains: domains.join(', ') };
  context.report(diagnostic('pattern-across-trust-domains', parameters, caller.span));
}

/** Whoever is excepted has to be recognised as well: from a denial of everybody else, to be let through. */
function checkExcepted(context: PlaceContext, policy: DestinationPolicy, obligation: Obligation, caller: Caller): void {
  for (const each of caller.except) {
    checkShared(context, obligation, each, 'excepted');
    if (caller.kind === 'anyone')
      checkMembers(context, policy, obligation, each, 'is refused, though the rule excepts it');
  }
}

function checkMembers(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: NamedCaller,
  consequence: string,
): void {
  for (const member of caller.members) {
    if (member.plane === 'none') {
      // To allow a namespace is to allow the identities in it. To deny one is to deny everybody there, unless mTLS does.
      if (caller.kind === 'namespace' && (obligation.effect === 'Allow' || mtlsAtPods(context, policy).isStrict))
        continue;
      const witness = `${member.name} calls ${destinationLabel(policy.destination)} in plaintext and ${consequence}`;
      context.report(
        diagnostic('caller-without-identity', { caller: member.name }, caller.span, {
          label: 'has no identity',
          witness,
        }),
      );
    } else {
      reportPlaintextHop(context, policy, member, caller, consequence);
      if (obligation.effect === 'Allow') reportHeadless(context, policy, member, caller, consequence);
    }
  }
}

function reportPlaintextHop(
  context: PlaceContext,
  policy: DestinationPolicy,
  member: Source,
  caller: Caller,
  consequence: string,
): void {
  if (member.plane !== 'ambient' || !canReach(member, policy, context.around(policy))) return;
  const deaf = policy.destination.workloads.find(({ mode }) => mode.plane === 'sidecar' && !mode.hbone);
  if (deaf === undefined) return;
  const witness = `${member.name} → ${keyOf(deaf)}: the sidecar sees no identity, and the request ${consequence}`;
  const notes = [
    {
      message:
        'a sidecar accepts HBONE only after a restart with ambient installed (istio-traffic-topology E-24, I-03)',
    },
  ];
  context.report(
    diagnostic('plaintext-to-sidecar', { caller: member.name, workload: keyOf(deaf) }, caller.span, { witness, notes }),
  );
}

/** A sidecar opens no tunnel to a Service without a virtual IP, and mutual TLS only where all of its pods speak it. */
function reportHeadless(
  context: PlaceContext,
  policy: DestinationPolicy,
  member: Source,
  caller: Caller,
  consequence: string,
): void {
  const { service, workloads } = policy.destination;
  const cluster = context.around(policy);
  if (service?.headless !== true || member.plane !== 'sidecar' || !canReach(member, policy, cluster)) return;
  if (workloads.every(speaksMutualTls) || workloads.every(({ mode }) => mode.plane === 'none')) return;
  const key = keyOf(service);
  const witness = `${member.name} → ${key}: no proxy at its pods sees an identity, and the request ${consequence}`;
  const notes = [
    {
      message:
        'to a Service without a virtual IP a sidecar speaks to all pods alike, and opens no tunnel (istio-security §5.5)',
    },
  ];
  context.report(
    diagnostic('plaintext-to-headless', { caller: member.name, service: key }, caller.span, { witness, notes }),
  );
}

function checkUnidentified(context: PlaceContext, obligation: Obligation, caller: Caller): void {
  if (
    obligation.effect === 'Allow' &&
    context.accepts(obligation, 'plaintextCallers', `anyone in plaintext counts as ${caller.label}`)
  )
    return;
  const witness =
    obligation.effect === 'Allow'
      ? `any pod outside the mesh sends the same request in plaintext and is taken for ${caller.label}`
      : `${caller.label} sends the request, and no proxy can see that it is the one who is denied`;
  const label = 'nothing identifies it';
  const help = obligation.effect === 'Allow' ? {} : { help: 'give its `ipBlocks` in the Mesh document' };
  context.report(
    diagnostic('caller-unidentifiable', { caller: caller.label }, caller.span, { label, witness, ...help }),
  );
}

function checkNetwork(context: PlaceContext, policy: DestinationPolicy, caller: Caller): void {
  if (caller.kind !== 'identities' || caller.members.length === 0) return;
  const cluster = context.around(policy);
  if (caller.members.some((member) => canReach(member, policy, cluster))) return;
  // The same service in another cluster may be the one that is meant.
  const elsewhere = context.ir.destinations.some(
    (other) =>
      keyOf(other.destination) === keyOf(policy.destination) &&
      caller.members.some((member) => canReach(member, other, context.around(other))),
  );
  if (elsewhere) return;
  const notes = [{ message: 'sidecars and ambient use different east-west gateways (istio-traffic-topology M-30)' }];
  context.report(
    diagnostic(
      'no-cross-network-path',
      { caller: caller.label, destination: destinationLabel(policy.destination) },
      caller.span,
      { notes },
    ),
  );
}

/** Whoever is known to call in plaintext calls the pods, and an allow rule means just that. */
function warnAboutGateways(
  context: PlaceContext,
  policy: DestinationPolicy,
  { effect }: Obligation,
  caller: Extract<Caller, { kind: 'addresses' }>,
): void {
  if (effect === 'Allow' && caller.plaintext) return;
  const [first, ...others] = context.around(policy).gateways.keys();
  if (first === undefined) return;
  const gateways = `\`${first}\`${others.length > 0 ? ` and ${others.length} more` : ''}`;
  context.report(diagnostic('addresses-behind-gateway', { caller: caller.label, gateways }, caller.span));
}
