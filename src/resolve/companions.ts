import { diagnostic } from '../diagnostics/create.js';
import type { SecuritySettings } from '../parse/ast.js';
import { infrastructure, keyOf } from '../topology/model.js';
import { groupBy, sortBy } from '../util/order.js';
import type { ResolveContext } from './context.js';
import type { ResolvedCompanions } from './resolved-companions.js';
import { bindScope, destinationsIn } from './scopes.js';
import { isShadow } from './stages.js';

/** Binds where settings ask for NetworkPolicies. */
export function resolveCompanions(
  context: ResolveContext,
  settings: readonly SecuritySettings[],
): readonly ResolvedCompanions[] {
  return settings.flatMap((each) => {
    const { networkPolicies: span, scope: written, name } = each;
    if (span === undefined) return [];
    if (written.kind === 'gateway') {
      context.report(diagnostic('companions-of-gateway', {}, span));
      return [];
    }
    if (isShadow(each)) context.report(diagnostic('companions-not-watched', { settings: name.value }, span));
    const scope = bindScope(context, written);
    if (scope === undefined) return [];
    const all = destinationsIn(context, scope).flatMap(({ workloads }) => workloads);
    const once = [...groupBy(all, (workload) => `${workload.cluster}/${keyOf(workload)}`).values()];
    const workloads = once.flatMap((same) => same.slice(0, 1)).filter(({ mode }) => !infrastructure.has(mode.plane));
    const said = { reason: undefined, owner: undefined, ticket: undefined };
    return [
      {
        origin: { id: `${name.value}/networkPolicies`, span, ...said },
        scope,
        workloads: sortBy(
          workloads,
          ({ cluster }) => cluster,
          (workload) => keyOf(workload),
        ),
      },
    ];
  });
}
