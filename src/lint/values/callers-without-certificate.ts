import type { LanePlan } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isWithin } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { shownBy } from '../causes/shown.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { withPolicy } from '../plans.js';
import { asKnown, type Outsider, onlyOutsiders, outsidersOf } from './outsiders.js';
import { type WrittenValue, writtenValues } from './written-values.js';

/** A caller that a policy names, and that is not in the mesh: it shows no certificate, so nobody knows that it is meant (§1.3). */
export function callersWithoutCertificate(context: LintContext): readonly Diagnostic[] {
  const outsiders = outsidersOf(context);
  if (outsiders.length === 0) return [];
  const attributes = ['source.principal', 'source.serviceAccount', 'source.namespace'] as const;
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value) => value !== '*').flatMap((written) => {
      const found = firstOf(onlyOutsiders(context, written, outsiders), (outsider) => {
        const evidence = unrecognised(context, written, outsider);
        return evidence && { outsider, evidence };
      });
      if (found === undefined) return [];
      const { workload } = found.outsider;
      const parameters = {
        policy: nameOf(written.subject.policy),
        value: written.value,
        workload: keyOf(workload),
      };
      const law = 'identities come from certificates, and only workloads of the mesh have one (istio-security §1.3)';
      const reason = `\`${keyOf(workload)}\` is outside the mesh: ${workload.mode.because} (${workload.mode.fact})`;
      const proof = proofOf(found.evidence, law, reason);
      return diagnostic('caller-without-certificate', parameters, written.span, proof);
    }),
  );
}

/** A request of the outsider that is decided otherwise than it would be if its certificate were known. */
function unrecognised(context: LintContext, written: WrittenValue, outsider: Outsider): Evidence | undefined {
  return shownBy(
    context,
    { kind: 'certificate', outsider },
    {
      sites: written.subject.sites,
      effects: ['slips', 'refused'],
      meantAt: ({ plan }) => recognising(plan, written, outsider),
    },
  );
}

function recognising(plan: LanePlan, { subject, test }: WrittenValue, { identity }: Outsider): LanePlan {
  return withPolicy(plan, subject.policy, (compiled) => ({
    ...compiled,
    rules: compiled.rules.map((rule) => (isWithin(test.place, rule.place) ? asKnown(rule, identity) : rule)),
  }));
}
