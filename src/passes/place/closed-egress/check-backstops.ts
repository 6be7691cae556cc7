import { diagnostic } from '../../../diagnostics/create.js';
import { matchesSelector } from '../../../topology/label-selector.js';
import { type Cluster, keyOf, type Workload } from '../../../topology/model.js';
import { governsEgress, podSelectorOf } from '../../../topology/network-policy.js';
import type { PlaceContext } from '../context.js';
import type { ClosedScope } from './closed-scopes.js';

/**
 * Scopes that given NetworkPolicies have to close. Workloads for which there is none send past every proxy: that has to be
 * accepted. What the given ones leave open is found by the proof.
 */
export function checkBackstops(context: PlaceContext, cluster: Cluster, scopes: readonly ClosedScope[]): void {
  for (const scope of scopes.filter(({ isOwnBackstop }) => !isOwnBackstop)) {
    checkMixed(context, scope, scopes);
    const open = scope.workloads.filter((workload) => !isGoverned(cluster, workload));
    const [first, ...others] = open;
    const [origin] = scope.origins;
    if (first === undefined || origin === undefined) continue;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const gap = `\`${keyOf(first)}\`${more} may send to any address outside, past every proxy`;
    if (context.accepts({ accept: scope.accept, origin }, 'addressesOutside', gap)) continue;
    const parameters = { workload: keyOf(first), more, settings: origin.id.replace(/\/.*$/, '') };
    const witness = `a connection of ${keyOf(first)} to 203.0.113.1:443, which no ServiceEntry names, is let through`;
    const notes = [
      { message: 'ztunnel passes on what it does not know, and an application can go around its sidecar (T-84)' },
    ];
    context.report(diagnostic('egress-without-backstop', parameters, origin.span, { witness, notes }));
  }
}

function isGoverned({ networkPolicies }: Cluster, { namespace, labels, hostNetwork }: Workload): boolean {
  return (
    !hostNetwork &&
    networkPolicies.some(
      (object) =>
        object.namespace === namespace && governsEgress(object) && matchesSelector(podSelectorOf(object), labels),
    )
  );
}

/** NetworkPolicies add up, and close for all settings of the same workloads or for none. */
function checkMixed({ report }: PlaceContext, left: ClosedScope, scopes: readonly ClosedScope[]): void {
  const names = new Set(left.workloads.map(keyOf));
  const other = scopes.find(
    (each) => each.isOwnBackstop && each.workloads.some((workload) => names.has(keyOf(workload))),
  );
  const [origin] = left.origins;
  const [closing] = other?.origins ?? [];
  if (origin === undefined || closing === undefined) return;
  const notes = [{ message: 'the other settings are here', span: closing.span }];
  report(diagnostic('egress-backstop-mixed', { scope: left.label }, origin.span, { notes }));
}
