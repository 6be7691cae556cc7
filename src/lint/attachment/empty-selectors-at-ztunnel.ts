import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { evenIfShut } from '../causes/opened.js';
import { compare } from '../compare.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { evidenceIn, proofOf } from '../evidence.js';
import { withEnforcement } from '../plans.js';

/** A policy whose selector has no `matchLabels`: every pod for a sidecar, none for ztunnel (§3.4). */
export function emptySelectorsAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return context.policies.filter(hasEmptySelector).flatMap(({ at, policy, forms }) => {
    const { ztunnel } = forms;
    const evidence = evenIfShut(context, context.sitesUnder(at, policy.namespace), (open, { plan }) => {
      const meant = withEnforcement(plan, ({ hop, enforcement }) => {
        if (hop.point.kind !== 'ztunnel' || ztunnel === undefined) return enforcement;
        return { ...enforcement, policies: [...enforcement.policies, ztunnel] };
      });
      const comparison = compare(open, plan, meant);
      return evidenceIn(open.mesh, comparison, comparison.slips, 'allowed');
    });
    if (evidence === undefined) return [];
    const law = 'istiod sends it to ztunnel, and attaches it to no workload (istio-security §3.4)';
    const span = spanIn(policy.object, ['spec', 'selector'], 'key');
    return diagnostic('empty-selector-at-ztunnel', { policy: nameOf(policy) }, span, proofOf(evidence, law));
  });
}

function hasEmptySelector({ policy: { scope } }: PolicyInMesh): boolean {
  return scope.kind === 'selector' && scope.matchLabels === undefined;
}
