import type { Diagnostic } from '../../diagnostics/diagnostic.js';

/** A gateway that the move undoes is unknown from then on to all that names it: what undoes it is said instead. */
export function sayingWhatUndoesGateways(
  found: readonly Diagnostic[],
  inTheWay: readonly Diagnostic[],
): readonly Diagnostic[] {
  const undoing = inTheWay.filter(({ name }) => name === 'migrate-gateway-of-namespace');
  if (undoing.length === 0) return found;
  return [...undoing, ...found.filter(({ name }) => name !== 'unknown-gateway' && name !== 'gateway-not-injected')];
}
