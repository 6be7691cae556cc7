import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { excludingAnnotation } from '../../mesh/paths/capture.js';
import { attaches } from '../../mesh/policies/attach.js';
import type { AuthorizationPolicy, PeerAuthentication } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { setsMode } from '../planes/peer-scopes.js';
import type { PodSite } from '../sites.js';
import { unauthenticatedAt, undecidedAt } from './if-attached.js';

/** A policy for pods whose annotation keeps plaintext from their proxy: nobody asks it about such callers (§2.4). */
export function captureBypassed(context: LintContext): readonly Diagnostic[] {
  const authorization = context.policies.flatMap((subject) => {
    const sites = context.sitesUnder(subject.at, subject.policy.namespace);
    return findingAmong(subject.policy, sites, (site, { proxy }) => {
      const isFor = attaches(subject.policy, { kind: proxy, workload: site.workload }, subject.at);
      return isFor ? undecidedAt(context, subject, [site]) : undefined;
    });
  });
  const modes = [...context.mesh.clusters.values()].flatMap((at) =>
    [...at.peerAuthentication.values()].flat().flatMap((policy) => {
      const sites = context.sitesUnder(at, policy.namespace);
      return findingAmong(policy, sites, (site, { proxy }) => {
        const isFor = proxy === 'sidecar' && setsMode(policy, 'STRICT', site);
        return isFor ? unauthenticatedAt(context, site) : undefined;
      });
    }),
  );
  return [...authorization, ...modes];
}

/** The annotation by which plaintext passes the proxy of a pod, on one of its ports or on all. */
interface Bypass {
  readonly proxy: 'ztunnel' | 'sidecar';
  readonly annotation: string;
  readonly law: string;
}

function bypassAt({ workload, podPort }: PodSite): Bypass | undefined {
  const { mode, annotations } = workload;
  if (mode.plane === 'ambient') {
    const annotation = 'ambient.istio.io/bypass-inbound-capture';
    const law = `\`${annotation}\` lets plaintext bypass ztunnel (istio-security §2.4)`;
    return annotations[annotation] === 'true' ? { proxy: 'ztunnel', annotation, law } : undefined;
  }
  const annotation = mode.plane === 'sidecar' ? excludingAnnotation(workload, podPort) : undefined;
  if (annotation === undefined) return undefined;
  const law = `\`${annotation}\` leaves port ${podPort} out of what is redirected to the sidecar (istio-security §2.8)`;
  return { proxy: 'sidecar', annotation, law };
}

function findingAmong(
  policy: AuthorizationPolicy | PeerAuthentication,
  sites: readonly PodSite[],
  evidenceAt: (site: PodSite, bypass: Bypass) => Evidence | undefined,
): readonly Diagnostic[] {
  const found = firstOf(sites, (site) => {
    const bypass = bypassAt(site);
    if (bypass === undefined) return undefined;
    const evidence = evidenceAt(site, bypass);
    return evidence && { ...bypass, evidence, workload: site.workload };
  });
  if (found === undefined) return [];
  const { annotation, law, evidence, workload } = found;
  const proxy = found.proxy === 'sidecar' ? 'its sidecar' : 'ztunnel';
  const parameters = { policy: nameOf(policy), workload: keyOf(workload), proxy, annotation };
  const span = spanIn(policy.object, ['metadata', 'name']);
  return [diagnostic('capture-bypassed', parameters, span, proofOf(evidence, law))];
}
