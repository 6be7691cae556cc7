import type { Point } from '../../mesh/policies/attach.js';
import type { PeerAuthentication, RequestAuthentication } from '../../mesh/policies/policy.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, evidenceOfDifference } from '../evidence.js';
import type { MeantSite } from '../misses.js';
import { asDecision } from '../planes/audits.js';
import { withPeerMode } from '../planes/peer-plans.js';
import { acceptedForgery } from '../planes/tokens-unchecked-at-ztunnel.js';
import { withGates } from '../plans.js';
import type { PodSite } from '../sites.js';
import { unasked } from '../unasked.js';
import { gateHolding, seenBy } from './imaginary-gate.js';

/** A request that gets in now, and that a policy would refuse, record or show to its authorizer if it were for these pods. */
export function undecidedAt(
  context: LintContext,
  { policy, forms }: PolicyInMesh,
  sites: readonly MeantSite[],
): Evidence | undefined {
  const because = 'the pods that the policy may be meant for';
  return firstOf(sites, (site) => {
    const { at, plan, podPort } = site;
    const point = pointAt(site);
    const gate = gateHolding([asDecision(forms)], { at, point, chain: plan.lane.payload, port: podPort, because });
    const meant = withGates(plan, (gates, way) => (way.stop === undefined ? [...gates, seenBy(gate, way)] : gates));
    if (policy.action === 'CUSTOM') return unasked(context, policy, plan, meant);
    const comparison = compare(context, plan, meant);
    return evidenceIn(context.mesh, comparison, comparison.slips, 'allowed');
  });
}

function pointAt(site: MeantSite): Point {
  return 'gateway' in site ? { kind: 'gateway', gateway: site.gateway } : { kind: 'sidecar', workload: site.workload };
}

/** A request with a forged token that gets in, and would not if the tokens of these pods were checked. */
export function uncheckedAt(
  context: LintContext,
  policy: RequestAuthentication,
  sites: readonly MeantSite[],
): Evidence | undefined {
  return firstOf(sites, (site) => acceptedForgery(context, policy, site));
}

/** A request in plaintext that gets in or is refused, and would not be if the mode were that of these pods. */
export function unencryptedAt(
  context: LintContext,
  policy: PeerAuthentication,
  sites: readonly MeantSite[],
): Evidence | undefined {
  return firstOf(sites, ({ plan, podPort }) => {
    const mode = policy.ports.find(({ port }) => port === podPort)?.mode ?? policy.mode;
    if (mode === 'UNSET') return undefined;
    return evidenceOfDifference(context, compare(context, plan, withPeerMode(plan, mode, policy)));
  });
}

/** A request in plaintext to a pod where nothing stands, and that STRICT would refuse if something did. */
export function unauthenticatedAt(
  context: LintContext,
  { at, workload, plan, podPort }: PodSite,
): Evidence | undefined {
  const point = { kind: 'sidecar', workload } as const;
  const because = 'the pod that the policy is for';
  const { hop, enforcement } = gateHolding([], { at, point, chain: plan.lane.payload, port: podPort, because });
  const strict = { hop, enforcement: { ...enforcement, peerMode: 'STRICT' as const } };
  const meant = withGates(plan, (gates, way) => (way.stop === undefined ? [...gates, seenBy(strict, way)] : gates));
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.slips, 'allowed');
}
