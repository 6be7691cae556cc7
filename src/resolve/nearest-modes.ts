import { keyOf, type Workload } from '../topology/model.js';
import { workloadDestination } from './destinations.js';
import type { BoundScope, ResolvedRule, Setting, Target } from './resolved.js';

/** The rules that come with modes, each where no nearer scope says what happens to requests that no rule mentions. */
export function whereNearest(
  rules: readonly ResolvedRule[],
  defaults: ReadonlyArray<Setting<unknown>>,
): readonly ResolvedRule[] {
  const said = new Set(defaults.map(({ scope }) => keyOfScope(scope)));
  return rules.flatMap((rule) => {
    const own = keyOfScope(rule.scope);
    const holds = (workload: Workload) => nearestScopes(workload, said).includes(own);
    const targets = rule.targets.flatMap((target) => targetsWhere(target, holds));
    return targets.length > 0 ? [{ ...rule, targets }] : [];
  });
}

/**
 * Workload before Services before namespace before mesh, which is what takes part in it. Pods cannot tell their Services
 * apart, so all of them count.
 */
function nearestScopes(workload: Workload, said: ReadonlySet<string>): readonly string[] {
  const own = `workload ${keyOf(workload)}`;
  const ofServices = workload.services.map((service) => `service ${service}`).filter((each) => said.has(each));
  const around = [`namespace ${workload.namespace}`, ...(workload.mode.plane === 'none' ? [] : ['mesh'])];
  const wide = around.find((each) => said.has(each));
  if (said.has(own)) return [own];
  return ofServices.length > 0 || wide === undefined ? ofServices : [wide];
}

/** A destination as a whole, or those of its workloads for which it still holds. */
function targetsWhere(target: Target, holds: (workload: Workload) => boolean): readonly Target[] {
  const { workloads } = target.destination;
  const meant = workloads.filter(holds);
  if (meant.length === workloads.length) return [target];
  return meant.map((workload) => ({ ...target, destination: workloadDestination(workload) }));
}

function keyOfScope(scope: BoundScope): string {
  if (scope.kind === 'mesh') return 'mesh';
  return scope.kind === 'namespace' ? `namespace ${scope.namespace}` : `${scope.kind} ${keyOf(scope)}`;
}
