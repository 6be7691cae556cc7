import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { consequenceOf } from './consequence.js';
import { inOwnTrustDomain, namesOther } from './mistakes/trust-domains.js';
import { writtenValues } from './written-values.js';

/** A principal of `cluster.local` or of an alias where the trust domain is another: ztunnel compares it as it stands (§8.3). */
export function foreignTrustDomains(context: LintContext): readonly Diagnostic[] {
  return writtenValues(context, 'source.principal', namesOther).flatMap((mistake) => {
    const [own = ''] = mistake.subject.at.trustDomains;
    const right = inOwnTrustDomain(mistake.value, mistake.subject);
    const evidence = consequenceOf(context, mistake, () => [right]);
    if (evidence === undefined) return [];
    const law = 'only Envoy expands `cluster.local` and aliases, and only in whole principals (istio-security §8.3)';
    const parameters = { policy: nameOf(mistake.subject.policy), value: mistake.value, trustDomain: own };
    return diagnostic('foreign-trust-domain', parameters, mistake.span, proofOf(evidence, law));
  });
}
