import type { PlacedPolicy } from '../../ir/policy-ir.js';
import { sortedUnique } from '../../util/order.js';

/** Who asked for an object, and where that is written. */
const provenance: ReadonlySet<string> = new Set(['origins', 'origin', 'span', 'purpose', 'why', 'because', 'accept']);

/** What an object says, whoever asked for it: equal for what would be written alike. */
export function shapeOf(value: unknown): string {
  return JSON.stringify(value, (key, each) => (provenance.has(key) ? undefined : each));
}

/** The same of a policy, whose rules are alternatives: one that two settings ask for says it once. */
export function policyShape(policy: PlacedPolicy): string {
  return shapeOf({ ...policy, rules: sortedUnique(policy.rules.map(shapeOf)) });
}
