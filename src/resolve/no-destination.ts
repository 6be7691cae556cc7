import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import type { BindContext } from './context.js';
import { clusterNames, nearNames } from './names.js';
import type { Destination } from './resolved.js';

/** Why a name leads to no pods that a policy could stand before: it is unknown, it selects nothing, or it is a gateway's. */
export function noDestination(
  context: BindContext,
  { kind, name, found }: { kind: 'service' | 'workload'; name: string; found: readonly Destination[] },
  span: Span,
  consequence: string,
): Diagnostic {
  const what = `${kind} \`${name}\``;
  // The pods of gateways and waypoints are left out of destinations, and their names are known all the same.
  const isGateway =
    kind === 'workload'
      ? context.names.workload.has(name)
      : found.some(({ service }) => (service?.workloads.length ?? 0) > 0);
  if (isGateway) return diagnostic('gateway-destination', { destination: what }, span);
  if (found.length > 0) return diagnostic('selects-nothing', { what, consequence }, span);
  const fault = kind === 'service' ? 'unknown-service' : 'unknown-workload';
  const near = nearNames(name, context.names[kind]);
  return diagnostic(fault, { name, where: clusterNames(context.topology) }, span, near);
}
