import { intersect, subtract } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { describeRequest } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';
import type { Site } from '../sites.js';
import { unasked } from '../unasked.js';

/** A CUSTOM policy that reaches a TCP port, where only an authorizer that speaks gRPC is ever asked (§2.5). */
export function authorizersOnTcp(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'CUSTOM')
    .flatMap((subject) => {
      const { policy, sites } = subject;
      const onTcp = sites.filter(({ plan }) => plan.lane.payload === 'tcp');
      const known = firstOf(onTcp, (site) => surelyUnasked(context, subject, site));
      const evidence = known ?? firstOf(onTcp, (site) => perhapsUnasked(context, subject, site));
      if (evidence === undefined) return [];
      const parameters = { policy: nameOf(policy), provider: policy.provider ?? '' };
      const law =
        'the filter of an HTTP provider is not built for TCP, and the connection passes (istio-security §2.5)';
      const unless = known
        ? `and \`${parameters.provider}\` is not asked`
        : `unless \`${parameters.provider}\` speaks gRPC`;
      const witness = `${describeRequest(evidence.request)} is let through ${unless}`;
      const span = spanIn(policy.object, ['spec', 'provider']);
      return diagnostic('authorizer-on-tcp', parameters, span, { ...proofOf(evidence, law), witness });
    });
}

/** What the authorizer speaks is known, and it is HTTP. */
function surelyUnasked(context: LintContext, { policy }: PolicyInMesh, { plan }: Site): Evidence | undefined {
  const meant = withEnforcement(plan, ({ enforcement }) => ({ ...enforcement, unaskedProviders: new Set() }));
  return unasked(context, policy, plan, meant);
}

function perhapsUnasked(context: LintContext, { policy }: PolicyInMesh, { plan }: Site): Evidence | undefined {
  const comparison = compare(context, plan, plan);
  const { asks, possibly, surely } = comparison.is;
  const asked = asks.get(policy.provider ?? '');
  if (asked === undefined) return undefined;
  return evidenceIn(context.mesh, comparison, intersect(asked, subtract(possibly, surely)), 'not-modelled');
}
