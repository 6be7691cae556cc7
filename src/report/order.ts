import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Severity } from '../diagnostics/entry.js';
import { sortBy } from '../util/order.js';

/** The one order of a report: by file, place and code; what concerns no file comes first. */
export function inReportOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return sortBy(
    diagnostics,
    ({ span }) => span?.file.path ?? '',
    ({ span }) => span?.start ?? 0,
    ({ code }) => code,
    ({ message }) => message,
  );
}

export function countOf(diagnostics: readonly Diagnostic[], severity: Severity): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}
