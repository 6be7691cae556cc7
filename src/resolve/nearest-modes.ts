import { keyOf, type Workload } from '../topology/model.js';
import { workloadDestination } from './deployed-parts.js';
import type { BoundScope, ResolvedRule, Target } from './resolved.js';
import type { Resolved } from './resolved-intents.js';

/**
 * The rules that come with modes, each where no nearer scope says what happens to requests that no rule mentions. A scope
 * that is stricter than wider ones leaves these what they allow.
 */
export function whereNearest(
  rules: readonly ResolvedRule[],
  { defaults, inheritances }: Pick<Resolved, 'defaults' | 'inheritances'>,
): readonly ResolvedRule[] {
  const said = new Set(defaults.map(({ scope }) => keyOfScope(scope)));
  const stricter = new Set(inheritances.flatMap(({ scope, value }) => (value === 'Stricter' ? keyOfScope(scope) : [])));
  const holds = (rule: ResolvedRule) => (workload: Workload) => {
    const levels = scopesOf(workload);
    const own = levels.findIndex((level) => level.includes(keyOfScope(rule.scope)));
    const nearer = levels.slice(own + 1).map((level) => ({
      isStricter: level.some((key) => stricter.has(key)),
      isSaid: level.some((key) => said.has(key)),
    }));
    const decides = nearer.find(({ isStricter, isSaid }) => isStricter || isSaid);
    return own >= 0 && (decides === undefined || decides.isStricter);
  };
  return rules.flatMap((rule) => {
    const targets = rule.targets.flatMap((target) => targetsWhere(target, holds(rule)));
    const isWhole =
      targets.length === rule.targets.length && targets.every((each, index) => each === rule.targets[index]);
    return isWhole ? rule : targets.length > 0 ? { ...rule, targets } : [];
  });
}

/** From the widest on. The mesh is what takes part in it; pods cannot tell their Services apart, so all of them count. */
function scopesOf(workload: Workload): ReadonlyArray<readonly string[]> {
  return [
    workload.mode.plane === 'none' ? [] : ['mesh'],
    [`namespace ${workload.namespace}`],
    workload.services.map((service) => `service ${service}`),
    [`workload ${keyOf(workload)}`],
  ];
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
