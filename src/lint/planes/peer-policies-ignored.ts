import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { peerAuthenticationAt } from '../../mesh/policies/attach.js';
import { hasNoSelector, type PeerScopes, sidecarMode, sidecarScopes } from '../../mesh/policies/peer-authentication.js';
import type { PeerAuthentication } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceOfDifference, proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { withPeerMode } from './peer-plans.js';

/** Two PeerAuthentications of one scope: Istio reads the oldest, and ignores the others without a word (§5.1). */
export function peerPoliciesIgnored(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.peerAuthentication.values()].flat().flatMap((policy) => {
      const found = firstOf(context.sitesUnder(at, policy.namespace), (site) => overruled(context, policy, site));
      if (found === undefined) return [];
      const { winner, evidence } = found;
      const law = 'of several PeerAuthentications for the same pods the oldest is read (istio-security §5.1)';
      const undated = 'the manifests do not say which is older: here it is taken to be the first by name';
      const laws = winner.created === policy.created ? [law, undated] : [law];
      const parameters = { policy: nameOf(policy), other: nameOf(winner) };
      const span = spanIn(policy.object, ['metadata', 'name']);
      return diagnostic('peer-policy-ignored', parameters, span, proofOf(evidence, ...laws));
    }),
  );
}

interface Overruled {
  readonly winner: PeerAuthentication;
  readonly evidence: Evidence;
}

/** A request at a pod of the policy that would be decided otherwise if it were the one that is read. */
function overruled(context: LintContext, policy: PeerAuthentication, site: PodSite): Overruled | undefined {
  const { at, workload, podPort, plan } = site;
  const all = peerAuthenticationAt('sidecar', workload, at);
  if (!all.includes(policy)) return undefined;
  const scopes = sidecarScopes(all, at.rootNamespace);
  const scope = scopeOf(policy, at.rootNamespace);
  const winner = scope === undefined ? undefined : scopes[scope];
  if (scope === undefined || winner === undefined || winner === policy) return undefined;
  const modeOf = (read: PeerAuthentication) => sidecarMode({ ...scopes, [scope]: read }, podPort);
  const [is, meant] = [winner, policy].map((read) => withPeerMode(plan, modeOf(read), read));
  if (is === undefined || meant === undefined) return undefined;
  const evidence = evidenceOfDifference({ mesh: without(policy, context.mesh, at) }, compare(context, is, meant));
  return evidence && { winner, evidence };
}

/** The mesh as it is while another policy is the one that is read: without dates nothing else tells which it is. */
function without(policy: PeerAuthentication, mesh: Mesh, at: MeshCluster): Mesh {
  const others = (at.peerAuthentication.get(policy.namespace) ?? []).filter((each) => each !== policy);
  const peerAuthentication = new Map([...at.peerAuthentication, [policy.namespace, others]]);
  return { ...mesh, clusters: new Map([...mesh.clusters, [at.cluster.name, { ...at, peerAuthentication }]]) };
}

/** In the root namespace a selector makes a policy that nobody reads, which is another finding. */
function scopeOf(policy: PeerAuthentication, rootNamespace: string): keyof PeerScopes | undefined {
  const isRoot = policy.namespace === rootNamespace;
  if (hasNoSelector(policy)) return isRoot ? 'mesh' : 'namespace';
  return isRoot ? undefined : 'workload';
}
