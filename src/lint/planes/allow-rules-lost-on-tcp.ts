import type { Gate } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isHttpAttribute } from '../../mesh/fields.js';
import type { Rule } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { compare } from '../compare.js';
import { firstOf, type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, evidenceIn, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import type { Site } from '../sites.js';
import { keeping, testsOf } from '../written.js';

/** An ALLOW rule that names a TCP port and asks for more than a connection has: it is dropped there (§2.5). */
export function allowRulesLostOnTcp(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'ALLOW')
    .flatMap((subject) =>
      subject.policy.rules.flatMap((rule) => {
        const lost = testsOf(rule).find(({ attribute }) => isHttpAttribute(attribute));
        const evidence = lost && firstOf(subject.sites, (site) => refusedConnection(context, subject, rule, site));
        if (lost === undefined || evidence === undefined) return [];
        const note = `\`${lost.field}\` needs a request, and on a TCP port there is none (istio-security §2.5)`;
        const parameters = { policy: nameOf(subject.policy) };
        const span = spanIn(subject.policy.object, lost.place);
        return diagnostic('allow-rule-lost-on-tcp', parameters, span, proofOf(evidence, note));
      }),
    );
}

function refusedConnection(
  context: LintContext,
  { policy, forms }: PolicyInMesh,
  rule: Rule,
  { plan }: Site,
): Evidence | undefined {
  if (plan.lane.payload !== 'tcp') return undefined;
  const connections = forms.http.rules
    .filter(({ place }) => place === rule.place)
    .map((own) => keeping(own, ({ attribute }) => !isHttpAttribute(attribute)));
  const meant = withPolicy(plan, policy, (compiled, gate) => {
    const named = gate.hop.point.kind !== 'ztunnel' && namesPort(rule, gate);
    return named ? { ...compiled, rules: [...compiled.rules, ...connections] } : compiled;
  });
  const comparison = compare(context, plan, meant);
  return evidenceIn(context.mesh, comparison, comparison.refused, 'denied');
}

function namesPort(rule: Rule, { hop }: Gate): boolean {
  return testsOf(rule).some(
    ({ attribute, values }) => attribute === 'destination.port' && values.includes(String(hop.port)),
  );
}
