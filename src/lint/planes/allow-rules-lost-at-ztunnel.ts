import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { lawOf, misreadingsOf } from './misreadings.js';

/** An ALLOW rule that ztunnel drops whole: what it was to admit is refused, for the policy still exists (§2.3). */
export function allowRulesLostAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return misreadingsOf(context, 'ztunnel', 'ALLOW', 'refused').map(({ subject: { policy }, loss, evidence }) =>
    diagnostic(
      'allow-rule-lost-at-ztunnel',
      { policy: nameOf(policy) },
      spanIn(policy.object, loss.place),
      proofOf(evidence, lawOf(loss), 'an ALLOW policy without rules denies everything (istio-security §1.1)'),
    ),
  );
}
