import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { workloadDestination } from '../../resolve/deployed-parts.js';
import { destinationLabel } from '../../resolve/destinations.js';
import { portsAt } from '../../resolve/ports.js';
import type { DestinationPort, ResolvedRule, Setting, Target } from '../../resolve/resolved.js';
import { scopeLabel } from '../../resolve/scopes.js';
import { keyOf, type Workload } from '../../topology/model.js';

/**
 * A target for some of its pods alone, workload by workload. What is allowed of requests to a Service cannot be parted so: the
 * Service leads to all of its pods.
 */
export function withPods(
  { origin, effect }: Pick<ResolvedRule, 'origin' | 'effect'>,
  target: Target,
  left: readonly Workload[],
  cause: Setting<unknown> | undefined,
  report: (found: Diagnostic) => void,
): readonly Target[] {
  if (left.length === 0) return [];
  if (effect === 'Deny' || !target.named) return left.flatMap((workload) => atWorkload(target, workload));
  const { destination } = target;
  const scope = cause === undefined ? '' : scopeLabel(cause.scope);
  const parameters = { rule: origin.id, destination: destinationLabel(destination), scope };
  const notes =
    cause === undefined ? [] : [{ message: 'what is to hold for some of its pods', span: cause.origin.span }];
  const witness = `a request to ${keyOf(destination)} arrives at a pod of either`;
  report(diagnostic('inheritance-not-separable', parameters, target.span, { notes, witness }));
  return [];
}

function atWorkload(target: Target, workload: Workload): Target[] {
  const { destination, ports, exceptPorts } = target;
  const asPods = (some: readonly DestinationPort[]) =>
    portsAt(destination, some, [workload]).map((port) => ({ ...port, service: undefined }));
  const here = ports && asPods(ports);
  if (here?.length === 0) return [];
  const place = { destination: workloadDestination(workload), ports: here, exceptPorts: asPods(exceptPorts) };
  return [{ ...target, ...place, named: false }];
}
