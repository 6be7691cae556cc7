import type { Way } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { obeyedSetting, tlsOfPort } from '../../mesh/paths/tls-settings.js';
import { conditionsOf } from '../../mesh/policies/compiled.js';
import type { PeerAuthentication } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { isIdentity } from '../written.js';
import { setsMode } from './peer-scopes.js';
import { unrecognised } from './unrecognised.js';

/** Mutual TLS that is turned off where policies decide by who calls: without it nobody shows a certificate (§1.3, §5.1). */
export function identitiesInPlaintext(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.peerAuthentication.values()].flat().flatMap((peer) => {
      const sites = context.sitesUnder(at, peer.namespace).filter((site) => isPlaintext(peer, site));
      const found = firstOf(sites, (site) => {
        const policy = policyByIdentity(site);
        const evidence =
          policy &&
          unrecognised(
            context,
            site,
            site.plan.ways.filter((way) => isFree(way, site)),
          );
        return policy && evidence && { policy, evidence, site };
      });
      if (found === undefined) return [];
      const { policy, evidence, site } = found;
      const parameters = { peer: nameOf(peer), policy: nameOf(policy), workload: keyOf(site.workload) };
      const law =
        'identities come from certificates, and with mode DISABLE callers send none (istio-security §1.3, §5.1)';
      return diagnostic('identity-in-plaintext', parameters, modeSpan(peer, site), proofOf(evidence, law));
    }),
  );
}

function isPlaintext(peer: PeerAuthentication, site: PodSite): boolean {
  const isService = site.plan.lane.destination.kind === 'service';
  return isService && site.workload.mode.plane === 'sidecar' && setsMode(peer, 'DISABLE', site);
}

/** A DestinationRule that turns mutual TLS off as well has a finding of its own. */
function isFree({ representative: { caller } }: Way, { at, behind }: PodSite): boolean {
  if (behind === undefined) return false;
  const { service, port } = behind;
  const lookup = { client: caller.namespace, service, rootNamespace: at.rootNamespace };
  const setting = obeyedSetting(at.tlsSettings.get(service.host) ?? [], lookup, port.number);
  if (setting === undefined || setting === 'undecided') return setting === undefined;
  return tlsOfPort(setting, port.number).endpoints === undefined;
}

/** The first policy at the pods that asks who calls. */
function policyByIdentity({ plan }: PodSite) {
  const policies = plan.ways.flatMap(({ gates }) => gates.flatMap(({ enforcement }) => enforcement.policies));
  return policies.find((policy) => conditionsOf(policy).some(isIdentity))?.policy;
}

function modeSpan({ ports, object }: PeerAuthentication, { podPort }: PodSite): Span {
  const isOfPort = ports.some(({ port }) => port === podPort);
  return spanIn(object, ['spec', ...(isOfPort ? ['portLevelMtls', String(podPort)] : ['mtls']), 'mode']);
}
