import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Severity } from '../diagnostics/entry.js';

export function countOf(diagnostics: readonly Diagnostic[], severity: Severity): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}
