import type { PlacedPolicy } from '../../ir/policy-ir.js';
import { isTargeted } from './points-of.js';
import { policyShape } from './shape-of.js';

/**
 * The policies to watch: those that are not enforced as they are. ALLOW policies of one proxy are watched together, apart
 * from those that are enforced (istio-security §7), so that one of them takes the others along. The root namespace's are
 * read everywhere.
 */
export function changedPolicies(
  enforced: readonly PlacedPolicy[],
  asIfEnforced: readonly PlacedPolicy[],
  rootNamespace: string,
): readonly PlacedPolicy[] {
  const known = new Set(enforced.map(policyShape));
  const watched = new Set(asIfEnforced.filter((policy) => !known.has(policyShape(policy))));
  const pending = [...watched];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const policy of asIfEnforced) {
      if (watched.has(policy) || !decideTogether(policy, next, rootNamespace)) continue;
      watched.add(policy);
      pending.push(policy);
    }
  }
  return asIfEnforced.filter((policy) => watched.has(policy));
}

/** An ALLOW without rules says nothing beside others, and is not taken along. */
function decideTogether(other: PlacedPolicy, policy: PlacedPolicy, rootNamespace: string): boolean {
  if (other.effect !== 'Allow' || policy.effect !== 'Allow' || other.rules.length === 0) return false;
  if (other.cluster !== policy.cluster || isTargeted(other) !== isTargeted(policy)) return false;
  const namespaces = new Set([other.namespace, policy.namespace]);
  return (namespaces.size === 1 || namespaces.has(rootNamespace)) && mayMeet(other, policy);
}

/** Whether one proxy may read both, if it is of the namespaces of both. */
function mayMeet({ attachment: left }: PlacedPolicy, { attachment: right }: PlacedPolicy): boolean {
  if (left.kind === 'selector' && right.kind === 'selector') {
    return Object.entries(left.labels).every(([key, value]) => (right.labels[key] ?? value) === value);
  }
  const areServices = left.kind.startsWith('service') && right.kind.startsWith('service');
  return !areServices || JSON.stringify(left) === JSON.stringify(right);
}
