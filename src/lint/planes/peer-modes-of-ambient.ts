import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { ambientPeerPolicies } from '../../mesh/policies/ambient-peer-authentication.js';
import { peerAuthenticationAt } from '../../mesh/policies/attach.js';
import { policyMatches } from '../../mesh/policies/evaluate.js';
import { type PeerScopes, sidecarMode } from '../../mesh/policies/peer-authentication.js';
import type { PeerAuthentication, PeerMode } from '../../mesh/policies/policy.js';
import { known, unknown } from '../../mesh/truth.js';
import type { View } from '../../mesh/view.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { evenIfShut } from '../causes/opened.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { evidenceIn, proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { withPeerMode } from './peer-plans.js';
import { scopesAt } from './peer-scopes.js';

/** Mutual TLS that istiod converts for ambient into something else than it says: a port is open, or shut (§5.4). */
export function peerModesOfAmbient(context: LintContext): readonly Diagnostic[] {
  const governed = context.sites.flatMap((site) => {
    const scopes = scopesAt(site);
    const policy = scopes.workload ?? scopes.namespace ?? scopes.mesh;
    const isAmbient = site.workload.mode.plane === 'ambient';
    return policy !== undefined && isAmbient && diverges(site, scopes) ? [{ site, scopes, policy }] : [];
  });
  return [...groupBy(governed, ({ policy }) => policy)].flatMap(([policy, sites]) => [
    ...divergence(context, policy, sites, 'slips'),
    ...divergence(context, policy, sites, 'refused'),
  ]);
}

interface Governed {
  readonly site: PodSite;
  readonly scopes: PeerScopes;
}

/** Whether plaintext is refused by the modes and not by what they are converted into, or the other way round. */
function diverges({ at, workload, podPort }: PodSite, scopes: PeerScopes): boolean {
  const converted = ambientPeerPolicies(peerAuthenticationAt('ztunnel', workload, at), at.rootNamespace);
  const plaintext: View = {
    principal: known(null),
    sourceIp: unknown('the address of the caller'),
    remoteIp: unknown('the address of the caller'),
    destinationIp: unknown('the address of the pod'),
    serverName: unknown('the server name of the TLS handshake'),
    destinationPort: podPort,
    http: undefined,
  };
  const isRefused = converted.some((policy) => policyMatches(policy, plaintext) === 'yes');
  return isRefused !== (sidecarMode(scopes, podPort) === 'STRICT');
}

const laws = {
  slips: 'istiod drops the mesh-wide STRICT here and converts nothing in its place (istio-security §5.4 b, c)',
  refused: 'istiod converts only PERMISSIVE ports into exceptions of an inherited STRICT (istio-security §5.4 a)',
} as const;

function divergence(
  context: LintContext,
  policy: PeerAuthentication,
  governed: readonly Governed[],
  direction: keyof typeof laws,
): readonly Diagnostic[] {
  const diverging =
    (mode: Exclude<PeerMode, 'UNSET'>) =>
    (open: LintContext, { plan }: PodSite) => {
      const comparison = compare(open, plan, withPeerMode(plan, mode, policy));
      const expected = direction === 'slips' ? 'allowed' : 'denied';
      return evidenceIn(open.mesh, comparison, comparison[direction], expected);
    };
  const found = firstOf(governed, ({ site, scopes }) => {
    const evidence = evenIfShut(context, [site], diverging(sidecarMode(scopes, site.podPort)));
    return evidence && { evidence, site };
  });
  if (found === undefined) return [];
  const { workload, podPort } = found.site;
  const mode = sidecarMode(scopesAt(found.site), podPort);
  const parameters = { policy: nameOf(policy), workload: keyOf(workload), port: podPort, mode };
  const name = direction === 'slips' ? 'strict-lost-in-ambient' : 'plaintext-lost-in-ambient';
  if (isEmptyAtRoot(policy, found.site.at)) {
    const law = 'ztunnel is given nothing of the root namespace that has a selector, be it empty (istio-security §5.2)';
    const details = { ...proofOf(found.evidence, law), help: 'leave `selector` out to mean the whole mesh' };
    return [diagnostic(name, parameters, spanIn(policy.object, ['spec', 'selector'], 'key'), details)];
  }
  const written = policy.ports.some(({ port }) => port === podPort) ? [String(podPort)] : [];
  const span = spanIn(policy.object, ['spec', 'portLevelMtls', ...written], 'key');
  return [diagnostic(name, parameters, span, proofOf(found.evidence, laws[direction]))];
}

function isEmptyAtRoot({ namespace, matchLabels }: PeerAuthentication, { rootNamespace }: MeshCluster): boolean {
  return namespace === rootNamespace && matchLabels !== undefined && Object.keys(matchLabels).length === 0;
}
