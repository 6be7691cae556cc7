import { intersect } from '../../algebra/request-set.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { describeRequest } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { evidenceIn, proofOf } from '../evidence.js';

/** A CUSTOM policy that reaches a TCP port, where only an authorizer that speaks gRPC is ever asked (§2.5). */
export function authorizersOnTcp(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'CUSTOM')
    .flatMap(({ policy, sites }) => {
      const evidence = firstOf(sites, ({ plan }) => {
        if (plan.lane.payload !== 'tcp') return undefined;
        const comparison = compare(context, plan, plan);
        const asked = comparison.is.asks.get(policy.provider ?? '');
        if (asked === undefined) return undefined;
        return evidenceIn(context.mesh, comparison, intersect(asked, comparison.is.possibly), 'not-modelled');
      });
      if (evidence === undefined) return [];
      const parameters = { policy: nameOf(policy), provider: policy.provider ?? '' };
      const law =
        'the filter of an HTTP provider is not built for TCP, and the connection passes (istio-security §2.5)';
      const witness = `${describeRequest(evidence.request)} is let through unless \`${parameters.provider}\` speaks gRPC`;
      const span = spanIn(policy.object, ['spec', 'provider']);
      return diagnostic('authorizer-on-tcp', parameters, span, { ...proofOf(evidence, law), witness });
    });
}
