import { sortBy } from '../util/order.js';
import type { Diagnostic } from './diagnostic.js';

/** The one order of a report: by file, place and code; what concerns no file comes first. */
export function inReportOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return sortBy(
    diagnostics,
    pathOf,
    startOf,
    ({ code }) => code,
    ({ message }) => message,
  );
}

/** The same, nothing twice: one field may be read for several purposes, one manifest by several clusters. */
export function inTextOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const said = new Set<string>();
  return inReportOrder(diagnostics).filter((diagnostic) => {
    const identity = [pathOf(diagnostic), startOf(diagnostic), diagnostic.code, diagnostic.message].join('\u0000');
    return !said.has(identity) && said.add(identity);
  });
}

function pathOf({ span }: Diagnostic): string {
  return span?.file.path ?? '';
}

function startOf({ span }: Diagnostic): number {
  return span?.start ?? 0;
}
