import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { ResolvedRule, Target } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { nearness } from '../../resolve/scopes.js';
import type { Workload } from '../../topology/model.js';
import { scopesWith } from './scopes-with.js';
import { withPods } from './with-pods.js';

/** Takes from each rule the pods of narrower scopes that replace it. A mandate stays. */
export function replaceRules(
  { rules, inheritances }: Resolved,
  report: (found: Diagnostic) => void,
): readonly ResolvedRule[] {
  const replacing = scopesWith(inheritances, 'Replace');
  const isReplaced = ({ scope }: ResolvedRule, workload: Workload) =>
    replacing(workload).some((each) => nearness[each.scope.kind] > nearness[scope.kind]);
  return rules.map((rule) => {
    if (rule.mandate !== undefined) return rule;
    const targets = rule.targets.flatMap((target): readonly Target[] => {
      const { workloads } = target.destination;
      const left = workloads.filter((workload) => !isReplaced(rule, workload));
      if (left.length === workloads.length) return [target];
      const replaced = workloads.find((workload) => isReplaced(rule, workload));
      return withPods(rule, target, left, replaced && replacing(replaced)[0], report);
    });
    return { ...rule, targets };
  });
}
