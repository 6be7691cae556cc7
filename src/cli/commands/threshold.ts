import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Severity } from '../../diagnostics/entry.js';

/** From the most severe on. */
export const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[];

export interface ThresholdOptions {
  readonly minSeverity: Severity;
}

interface Divided {
  readonly shown: readonly Diagnostic[];
  /** Counted in the report, and in no answer. */
  readonly below: readonly Diagnostic[];
}

/** Divides what was found at the severity that was asked for. */
export function divide(found: readonly Diagnostic[], { minSeverity }: ThresholdOptions): Divided {
  const least = severities.indexOf(minSeverity);
  const isShown = ({ severity }: Diagnostic) => severities.indexOf(severity) <= least;
  return { shown: found.filter(isShown), below: found.filter((each) => !isShown(each)) };
}
