import type { LanePlan } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import { isIdentity, testsOf, withoutIdentities } from '../written.js';

/** An ALLOW by identity that reaches a gateway, where requests from outside show none: they are refused (§2.1). */
export function identitiesAtGateways(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'ALLOW')
    .flatMap((subject) => {
      const identity = subject.policy.rules.flatMap(testsOf).find(isIdentity);
      const sites = context.gatewaySites.filter((site) => subject.sites.includes(site));
      if (identity === undefined) return [];
      const found = firstOf(sites, ({ plan, addressed }) => {
        const comparison = compare(context, plan, forAnyone(plan, subject));
        const evidence = evidenceIn(context.mesh, comparison, comparison.refused, 'denied');
        return evidence && { evidence, addressed };
      });
      if (found === undefined) return [];
      const parameters = { policy: nameOf(subject.policy), gateway: found.addressed };
      const law = 'a gateway knows a caller only by a certificate of the mesh (istio-security §2.1)';
      const span = spanIn(subject.policy.object, identity.place);
      return diagnostic('identity-at-gateway', parameters, span, proofOf(found.evidence, law));
    });
}

function forAnyone(plan: LanePlan, { policy }: PolicyInMesh): LanePlan {
  return withPolicy(plan, policy, (compiled) => ({ ...compiled, rules: compiled.rules.map(withoutIdentities) }));
}
