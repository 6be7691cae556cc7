import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { ResolvedRule, Target } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { nearness } from '../../resolve/scopes.js';
import type { Workload } from '../../topology/model.js';
import { settingsAround } from './settings-around.js';
import { withPods } from './with-pods.js';

/** Takes from each rule the pods of narrower scopes that replace it. A mandate stays. */
export function replaceRules<R extends ResolvedRule>(
  rules: readonly R[],
  inheritances: Resolved['inheritances'],
  report: (found: Diagnostic) => void,
): readonly R[] {
  const around = settingsAround(inheritances.filter(({ value }) => value === 'Replace'));
  const replacing = ({ scope }: ResolvedRule, workload: Workload) =>
    around(workload).find((each) => nearness[each.scope.kind] > nearness[scope.kind]);
  return rules.map((rule) => {
    if (rule.mandate !== undefined) return rule;
    const targets = rule.targets.flatMap((target): readonly Target[] => {
      const { workloads } = target.destination;
      const replaced = workloads.find((workload) => replacing(rule, workload) !== undefined);
      if (replaced === undefined) return [target];
      const left = workloads.filter((workload) => replacing(rule, workload) === undefined);
      return withPods(rule, target, left, replacing(rule, replaced), report);
    });
    return { ...rule, targets };
  });
}
