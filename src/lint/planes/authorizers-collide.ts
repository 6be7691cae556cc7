import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CompiledPolicy } from '../../mesh/policies/compiled.js';
import { spanIn } from '../../parse/document.js';
import { compareText } from '../../util/order.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';

/** Two external authorizers at one proxy, which takes one: whatever either would be asked about is refused (§7). */
export function authorizersCollide(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'CUSTOM')
    .flatMap((subject) => {
      const { policy } = subject;
      const found = firstOf(subject.sites, (site) => {
        const other = otherAuthorizer(subject, site);
        const evidence = other && refusedForBoth(context, site);
        return evidence && { other, evidence };
      });
      if (found?.other === undefined) return [];
      const { other, evidence } = found;
      const parameters = {
        policy: nameOf(policy),
        provider: policy.provider ?? '',
        other: nameOf(other.policy),
        second: other.provider ?? '',
      };
      const law =
        'a proxy takes one external authorizer, and refuses what two would be asked about (istio-security §7)';
      const span = spanIn(policy.object, ['spec', 'provider']);
      return diagnostic('authorizers-collide', parameters, span, proofOf(evidence, law));
    });
}

/** Of two policies the first by name is the other: the pair is told once. */
function otherAuthorizer({ policy }: PolicyInMesh, { plan }: Site): CompiledPolicy | undefined {
  const enforcements = plan.ways.flatMap(({ gates }) => gates.map(({ enforcement }) => enforcement));
  const beside = enforcements.filter(({ policies }) => policies.some((compiled) => compiled.policy === policy));
  return beside
    .flatMap(({ policies }) => policies)
    .filter(({ action, provider }) => action === 'CUSTOM' && provider !== policy.provider)
    .find((compiled) => compareText(nameOf(compiled.policy), nameOf(policy)) < 0);
}

function refusedForBoth(context: LintContext, { plan }: Site): Evidence | undefined {
  const meant = withEnforcement(plan, ({ enforcement }) => ({ ...enforcement, refusedProviders: new Map() }));
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.refused, 'denied');
}
