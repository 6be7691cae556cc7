import type { LimitedChain, PlacedRateLimits } from '../../../ir/placed-limits.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { targetPortOf, type Workload } from '../../../topology/model.js';
import { groupBy, sortedNumbers } from '../../../util/order.js';
import { exactSelectors, namedSelectors } from '../at-pods/selectors.js';
import type { PlaceContext } from '../context.js';

/** By selector and the pods’ port, which virtual listeners and those of HBONE have in their chains alike (F-63). */
export function limitsAtSidecars(
  context: PlaceContext,
  policy: DestinationPolicy,
  { limits, origin }: ResolvedTraffic,
): PlacedRateLimits[] {
  const { destination } = policy;
  const { cluster, namespace, name, service, workloads } = destination;
  const sidecars = workloads.filter(({ mode }) => mode.plane === 'sidecar');
  const alike = [...groupBy(sidecars, (workload) => portsAt(policy, workload).join()).values()];
  return alike.flatMap((pods, index) => {
    const [first] = pods;
    const chains: readonly LimitedChain[] = first
      ? portsAt(policy, first).map((destinationPort) => ({ destinationPort }))
      : [];
    const whole = pods.length === workloads.length ? service : undefined;
    const selectors = exactSelectors(context, context.clusterOf(policy), pods, whole, origin.span);
    const base = `${name}-limits${alike.length > 1 ? `-${index + 1}` : ''}`;
    const purpose = `how many requests each sidecar of ${name} lets through`;
    return namedSelectors(base, selectors, pods).map((selector) => ({
      cluster,
      namespace,
      name: selector.name,
      attachment: { kind: 'selector' as const, labels: selector.labels },
      chains,
      limits,
      purpose,
      origin,
    }));
  });
}

/** The ports of the pods that carry requests, in ascending order. */
function portsAt({ destination: { service } }: DestinationPolicy, workload: Workload): readonly number[] {
  const ports = (service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  return sortedNumbers(ports.flatMap((port) => targetPortOf(port, workload) ?? []));
}
