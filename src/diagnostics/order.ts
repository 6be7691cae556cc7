import { sortBy } from '../util/order.js';
import type { Diagnostic } from './diagnostic.js';

/** By file, place and code, nothing twice: one field may be read for several purposes, one manifest by several clusters. */
export function inTextOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const said = new Set<string>();
  return sortBy(
    diagnostics,
    pathOf,
    startOf,
    ({ code }) => code,
    ({ message }) => message,
  ).filter((diagnostic) => {
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
