import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { attaches } from '../../mesh/policies/attach.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { undecidedAt } from './if-attached.js';

const annotation = 'ambient.istio.io/bypass-inbound-capture';

/** A policy for ambient pods whose annotation keeps plaintext from ztunnel: nobody asks it about such callers (§2.4). */
export function captureBypassed(context: LintContext): readonly Diagnostic[] {
  return context.policies.flatMap((subject) => {
    const { at, policy } = subject;
    const sites = context.sitesUnder(at, policy.namespace).filter((site) => isOpenToPlaintext(site));
    const found = firstOf(sites, (site) => {
      const { workload } = site;
      if (!attaches(policy, { kind: 'ztunnel', workload }, at)) return undefined;
      const evidence = undecidedAt(context, subject, [site]);
      return evidence && { workload, evidence };
    });
    if (found === undefined) return [];
    const parameters = { policy: nameOf(policy), workload: keyOf(found.workload) };
    const law = `\`${annotation}\` lets plaintext pass by ztunnel (istio-security §2.4)`;
    const span = spanIn(policy.object, ['metadata', 'name']);
    return diagnostic('capture-bypassed', parameters, span, proofOf(found.evidence, law));
  });
}

function isOpenToPlaintext({ workload: { mode, annotations } }: PodSite): boolean {
  return mode.plane === 'ambient' && annotations[annotation] === 'true';
}
