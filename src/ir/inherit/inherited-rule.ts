import type { Origin, ResolvedRule } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';

/** A rule as it holds where it holds. */
export interface InheritedRule extends ResolvedRule {
  /** The rules of wider scopes that have to allow the same: of these and its own it is what they have in common. */
  readonly within: readonly Origin[];
}

export interface Inherited extends Resolved {
  readonly rules: readonly InheritedRule[];
}
