import type { PlacedPolicy, PlacedRule, SourceMatch } from '../ir/policy-ir.js';

/** Limits of the AuthorizationPolicy CRD (istio-security §1.7). */
const limits = { rules: 512, sources: 512, serviceAccounts: 16 } as const;

/**
 * Keeps every policy within the API's limits. The sources of a rule are ORed, and so are a policy's rules and the
 * policies of one action, so that cutting a list anywhere means the same. Cuts fall at fixed sizes of sorted lists.
 */
export function splitPolicies(policies: readonly PlacedPolicy[]): PlacedPolicy[] {
  return policies.flatMap((policy) => {
    if (policy.rules.length <= limits.rules && policy.rules.every(isWithinLimits)) return [policy];
    const rules = policy.rules.flatMap(splitRule);
    const parts = chunks(rules, limits.rules);
    if (parts.length <= 1) return [{ ...policy, rules }];
    return parts.map((part, index) => ({
      ...policy,
      name: index === 0 ? policy.name : `${policy.name}-${index + 1}`,
      rules: part,
    }));
  });
}

/** A rule that names sources and has none means nobody, and is not written. */
function isWithinLimits({ sources }: PlacedRule): boolean {
  if (sources === undefined) return true;
  return sources.length > 0 && sources.length <= limits.sources && sources.every(isOne);
}

function isOne({ serviceAccounts = [] }: SourceMatch): boolean {
  return serviceAccounts.length <= limits.serviceAccounts;
}

function splitRule(rule: PlacedRule): PlacedRule[] {
  if (rule.sources === undefined) return [rule];
  return chunks(rule.sources.flatMap(splitSource), limits.sources).map((sources) => ({ ...rule, sources }));
}

function splitSource(source: SourceMatch): SourceMatch[] {
  const { serviceAccounts } = source;
  if (serviceAccounts === undefined || isOne(source)) return [source];
  return chunks(serviceAccounts, limits.serviceAccounts).map((part) => ({ ...source, serviceAccounts: part }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
