import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { peerAuthenticationAt } from '../../mesh/policies/attach.js';
import { sidecarScopes } from '../../mesh/policies/peer-authentication.js';
import type { PeerAuthentication, PeerMode } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { evidenceOfDifference, proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { withPeerMode } from './peer-plans.js';

/** A port of `portLevelMtls` that is the Service's and not the pods': nothing listens there, and it sets nothing (§5.1). */
export function peerPortsOfServices(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.peerAuthentication.values()].flat().flatMap((policy) => {
      const sites = context.sitesUnder(at, policy.namespace).filter((site) => governs(policy, site));
      return policy.ports.flatMap((exception) => {
        if (sites.some(({ podPort }) => podPort === exception.port)) return [];
        return finding(context, policy, exception, sites);
      });
    }),
  );
}

function governs(policy: PeerAuthentication, { at, workload }: PodSite): boolean {
  return sidecarScopes(peerAuthenticationAt('sidecar', workload, at), at.rootNamespace).workload === policy;
}

function finding(
  context: LintContext,
  policy: PeerAuthentication,
  { port, mode }: { readonly port: number; readonly mode: PeerMode },
  sites: readonly PodSite[],
): readonly Diagnostic[] {
  if (mode === 'UNSET') return [];
  const found = firstOf(sites, ({ plan, behind, podPort }) => {
    if (behind?.port.number !== port) return undefined;
    const evidence = evidenceOfDifference(context, compare(context, plan, withPeerMode(plan, mode, policy)));
    return evidence && { evidence, service: behind.service, podPort };
  });
  if (found === undefined) return [];
  const { evidence, service, podPort } = found;
  const parameters = { policy: nameOf(policy), port, service: keyOf(service), right: podPort };
  const law = 'the ports of a PeerAuthentication are those that the pods listen on (istio-security §5.1)';
  const span = spanIn(policy.object, ['spec', 'portLevelMtls', String(port)], 'key');
  return [diagnostic('peer-port-of-service', parameters, span, proofOf(evidence, law))];
}
