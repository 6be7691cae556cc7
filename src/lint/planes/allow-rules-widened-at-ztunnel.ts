import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { lawOf, misreadingsOf } from './misreadings.js';

/** An ALLOW rule that ztunnel enforces without its trust domains, so that it admits more callers (§2.3). */
export function allowRulesWidenedAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return misreadingsOf(context, 'ztunnel', 'ALLOW', 'slips').map(({ subject: { policy }, loss, evidence }) =>
    diagnostic(
      'allow-rule-widened-at-ztunnel',
      { policy: nameOf(policy) },
      spanIn(policy.object, loss.place),
      proofOf(evidence, lawOf(loss)),
    ),
  );
}
