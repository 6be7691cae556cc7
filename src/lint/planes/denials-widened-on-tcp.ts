import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { lawOf, misreadingsOf } from './misreadings.js';

/** A DENY rule that loses its requests on a TCP port, and denies every connection that the rest of it matches (§2.5). */
export function denialsWidenedOnTcp(context: LintContext): readonly Diagnostic[] {
  return misreadingsOf(context, 'tcp', 'DENY', 'refused').map(({ subject, loss, evidence }) => {
    const { policy } = subject;
    const details = { ...proofOf(evidence, lawOf(loss)), ...helpAt(evidence, subject) };
    return diagnostic('denial-widened-on-tcp', { policy: nameOf(policy) }, spanIn(policy.object, loss.place), details);
  });
}

/** At a gateway the ports to name are those of its pods, which its Service may hide. */
function helpAt({ request }: Evidence, { sites }: PolicyInMesh): { help?: string } {
  if (request.destination.kind !== 'gateway') return {};
  const reading = sites.filter(({ plan: { lane } }) => lane.destination.kind === 'gateway' && lane.payload === 'http');
  const ports = [...new Set(reading.map(({ podPort }) => `"${podPort}"`))];
  if (ports.length === 0) return {};
  return { help: `add \`ports: [${ports.join(', ')}]\` to the operation: there the gateway reads requests` };
}
