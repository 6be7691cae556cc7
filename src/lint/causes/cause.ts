import type { AuthorizationPolicy } from '../../mesh/policies/policy.js';
import type { Path } from '../../parse/document.js';
import type { BlindPlane } from '../planes/blind.js';
import type { Outsider } from '../values/outsiders.js';

/** One reason why a policy does something else than it says. */
export type Cause =
  /** A plane does not see what the rule asks for. */
  | { readonly kind: 'reading'; readonly plane: BlindPlane; readonly rule: Path }
  /** A value is compared with something else than its author thought. */
  | { readonly kind: 'value'; readonly test: Path; readonly value: string }
  /** Nothing reads the tokens that the policy is about. */
  | { readonly kind: 'token'; readonly policy: AuthorizationPolicy }
  /** A caller that the policy names shows no certificate. */
  | { readonly kind: 'certificate'; readonly outsider: Outsider };

export function isSame(left: Cause, right: Cause): boolean {
  switch (left.kind) {
    case 'reading':
      return right.kind === 'reading' && right.plane === left.plane && right.rule === left.rule;
    case 'value':
      return right.kind === 'value' && right.test === left.test && right.value === left.value;
    case 'token':
      return right.kind === 'token' && right.policy === left.policy;
    case 'certificate':
      return right.kind === 'certificate' && right.outsider.index === left.outsider.index;
  }
}
