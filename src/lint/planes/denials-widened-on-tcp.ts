import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { lawOf, misreadingsOf } from './misreadings.js';

/** A DENY rule that loses its requests on a TCP port, and denies every connection that the rest of it matches (§2.5). */
export function denialsWidenedOnTcp(context: LintContext): readonly Diagnostic[] {
  return misreadingsOf(context, 'tcp', 'DENY', 'refused').map(({ subject: { policy }, loss, evidence }) =>
    diagnostic(
      'denial-widened-on-tcp',
      { policy: nameOf(policy) },
      spanIn(policy.object, loss.place),
      proofOf(evidence, lawOf(loss)),
    ),
  );
}
