import type { ResolvedRule, Target } from '../../resolve/resolved.js';

/** One rule as far as it speaks of one workload. */
export interface Grant {
  readonly rule: ResolvedRule;
  readonly target: Target;
}
