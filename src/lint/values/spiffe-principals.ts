import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { consequenceOf } from './consequence.js';
import { withoutScheme } from './mistakes/spiffe.js';
import { writtenValues } from './written-values.js';

/** A principal written as a SPIFFE URI: every plane compares without the scheme, so it matches nobody (§1.3). */
export function spiffePrincipals(context: LintContext): readonly Diagnostic[] {
  return writtenValues(context, 'source.principal', (value) => withoutScheme(value) !== undefined).map((mistake) => {
    const right = withoutScheme(mistake.value) ?? mistake.value;
    const evidence = consequenceOf(context, mistake, () => [right]);
    const law = 'principals are compared without `spiffe://` on every plane (istio-security §1.3)';
    const parameters = { policy: nameOf(mistake.subject.policy), value: mistake.value, right };
    const unseen = 'no request shows it: other policies decide alike, or nobody among the manifests has this identity';
    const proof = evidence === undefined ? proofOf(undefined, law, unseen) : proofOf(evidence, law);
    const { span } = mistake;
    const replacement = span.file.text.slice(span.start, span.end).replace(mistake.value, () => right);
    return diagnostic('spiffe-principal', parameters, span, { ...proof, fix: { span, replacement, isSafe: false } });
  });
}
