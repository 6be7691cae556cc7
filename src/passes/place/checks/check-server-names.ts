import { capability, type PointKind, podPoint } from '../../../dataplanes/capabilities.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { Condition, Effect } from '../../../parse/ast.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { keyOf } from '../../../topology/model.js';
import { compareText } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';

/** Refuses rules by server name at pods: no proxy there sees for which name an application asks. */
export function checkServerNames(context: PlaceContext, policy: DestinationPolicy): void {
  const { obligations, audits } = policy;
  for (const { conditions, effect } of [...obligations, ...audits]) {
    const named = conditions.find(({ key }) => key === 'serverNames');
    if (named !== undefined) refuse(context, policy, named, effect);
  }
}

/** What of a destination its proxies can decide. */
export function withoutServerNames(policy: DestinationPolicy): DestinationPolicy {
  const isSeen = ({ conditions }: { readonly conditions: readonly Condition[] }) =>
    conditions.every(({ key }) => key !== 'serverNames');
  return { ...policy, obligations: policy.obligations.filter(isSeen), audits: policy.audits.filter(isSeen) };
}

function refuse(
  context: PlaceContext,
  policy: DestinationPolicy,
  { values, isNegated, span }: Condition,
  effect: Effect,
): void {
  const { destination, waypoint } = policy;
  const { istio } = context.clusterOf(policy).settings;
  const points = new Set<PointKind>([
    ...destination.workloads.flatMap(({ mode }) => podPoint[mode.plane] ?? []),
    ...(waypoint === undefined ? [] : (['waypoint'] as const)),
  ]);
  const notes = [...points].sort(compareText).map((point) => {
    const { because, fact } = capability(point, 'serverNames', istio);
    return { message: `${because} (${fact})` };
  });
  const name = values[0]?.value.replace(/^\*/, 'any').replace(/\*$/, 'any') ?? '';
  const outcome =
    effect === 'Allow'
      ? 'would be let in or refused with everybody else'
      : 'would be let in, though the rule denies it';
  const witness = `a caller of ${keyOf(destination)} asks for ${isNegated ? 'another name than ' : ''}\`${name}\` in its TLS handshake, and ${outcome}`;
  context.report(
    diagnostic('server-name-at-pods', { destination: destinationLabel(destination) }, span, { witness, notes }),
  );
}
