import type { Span } from '../../diagnostics/diagnostic.js';
import type { DestinationPolicy } from '../../ir/policy-ir.js';

/** What somebody wrote about a destination, for a fault that is the whole destination's. */
export function destinationSpan({
  obligations,
  default: fallback,
  traffic,
  plaintext,
  mtls,
}: DestinationPolicy): Span | null {
  return (
    (obligations[0] ?? plaintext[0])?.span ?? fallback?.origin.span ?? mtls?.origin.span ?? traffic?.origin.span ?? null
  );
}
