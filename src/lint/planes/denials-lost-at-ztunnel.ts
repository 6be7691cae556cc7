import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { lawOf, misreadingsOf } from './misreadings.js';

/** A DENY rule of which ztunnel keeps a part that never matches, so that it denies nothing (§2.3). */
export function denialsLostAtZtunnel(context: LintContext): readonly Diagnostic[] {
  return misreadingsOf(context, 'ztunnel', 'DENY', 'slips').map(({ subject: { policy }, loss, evidence }) =>
    diagnostic(
      'denial-lost-at-ztunnel',
      { policy: nameOf(policy) },
      spanIn(policy.object, loss.place),
      proofOf(evidence, lawOf(loss)),
    ),
  );
}
