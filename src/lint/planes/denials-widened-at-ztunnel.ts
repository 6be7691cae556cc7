import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { misreadingsOf } from './misreadings.js';

/** A DENY rule that loses only a part at ztunnel, and denies everything that the rest of it matches (§2.3). */
export function denialsWidenedAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return misreadingsOf(context, 'ztunnel', 'DENY', 'refused').map(({ subject: { policy }, loss, evidence }) =>
    diagnostic(
      'denial-widened-at-ztunnel',
      { policy: nameOf(policy) },
      spanIn(policy.object, loss.place),
      proofOf(evidence, 'ztunnel keeps the other fields of the same `source` or `operation` (istio-security §2.3)'),
    ),
  );
}
