import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Setting } from '../../../resolve/resolved.js';
import { holds, nearness, scopeLabel } from '../../../resolve/scopes.js';
import { closedWith, closureOf } from '../at-pods/closure.js';
import type { PlaceContext } from '../context.js';

/**
 * What is allowed at a pod is the union of its policies, and of what its waypoint lets through (istio-security §1.2). So a
 * destination that is closed by its own default must not share a pod with one that is open: the pod would be open.
 */
export function checkReopening(context: PlaceContext): void {
  for (const policy of new Set([...context.closed.values()].flat())) checkReopenedNamespace(context, policy);
  for (const policy of context.ir.destinations) {
    const closure = closureOf(context, policy);
    if (closure === 'closed') continue;
    for (const closed of closedWith(context, policy)) {
      const isReopened = closure === 'reopened' && rank(closed) >= rank(policy);
      if (isReopened || (policy.waypoint && closed.waypoint))
        report(context, destinationLabel(policy.destination), policy.default, closed);
    }
  }
}

/** Under a mesh that denies, a namespace is opened by one ALLOW for all of its pods. */
function checkReopenedNamespace(context: PlaceContext, closed: DestinationPolicy): void {
  const { defaults } = context.ir;
  const isMeshClosed = defaults.some(({ scope, value }) => scope.kind === 'mesh' && value === 'Deny');
  const open = defaults.find(
    ({ scope, value }) => scope.kind === 'namespace' && value === 'Allow' && holds(scope, closed.destination),
  );
  if (isMeshClosed && open) report(context, scopeLabel(open.scope), open, closed);
}

function rank({ default: fallback }: DestinationPolicy): number {
  return fallback ? nearness[fallback.scope.kind] : nearness.mesh;
}

function report(
  context: PlaceContext,
  open: string,
  setting: Setting<string> | undefined,
  { destination, default: closed }: DestinationPolicy,
): void {
  const notes = closed ? [{ message: 'the default that closes them', span: closed.origin.span }] : [];
  const span = setting?.origin.span ?? closed?.origin.span ?? null;
  context.report(diagnostic('default-not-separable', { open, closed: destinationLabel(destination) }, span, { notes }));
}
