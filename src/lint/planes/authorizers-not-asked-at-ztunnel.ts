import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { attaches } from '../../mesh/policies/attach.js';
import { spanIn } from '../../parse/document.js';
import { evenIfShut } from '../causes/opened.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import { unasked } from '../unasked.js';

/** A CUSTOM policy for ambient pods: istiod does not send it to ztunnel, so nobody is asked (§2.2, §7). */
export function authorizersNotAskedAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'CUSTOM')
    .flatMap(({ at, policy, forms }) => {
      const sites = context.sitesUnder(at, policy.namespace).filter(({ workload }) => {
        return workload.mode.plane === 'ambient' && attaches(policy, { kind: 'ztunnel', workload }, at);
      });
      const evidence = evenIfShut(context, sites, (open, { plan }) => {
        const meant = withEnforcement(plan, ({ hop, enforcement }) => {
          if (hop.point.kind !== 'ztunnel') return enforcement;
          return { ...enforcement, policies: [...enforcement.policies, forms[plan.lane.payload]] };
        });
        return unasked(open, policy, plan, meant);
      });
      if (evidence === undefined) return [];
      const parameters = { policy: nameOf(policy), provider: policy.provider ?? '' };
      const law = 'istiod sends ALLOW and DENY to ztunnel, and nothing else (istio-security §2.2)';
      const span = spanIn(policy.object, ['spec', 'action']);
      return diagnostic('authorizer-not-asked-at-ztunnel', parameters, span, proofOf(evidence, law));
    });
}
