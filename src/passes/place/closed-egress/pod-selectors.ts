import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import {
  type Cluster,
  keyOf,
  type LabelSelector,
  type Service,
  selects,
  type Workload,
} from '../../../topology/model.js';
import { exactSelectors, namedSelectors } from '../at-pods/selectors.js';
import type { PlaceContext } from '../context.js';

interface Asked {
  readonly name: string;
  readonly workloads: readonly Workload[];
  readonly service: Service | undefined;
  readonly span: Span | null;
}

/** Selectors of NetworkPolicies for some workloads of one namespace: they mean pods outside the mesh as well. */
export function podSelectors(
  context: PlaceContext,
  cluster: Cluster,
  { name, workloads, service, span }: Asked,
): ReadonlyArray<{ readonly name: string; readonly selector: LabelSelector }> {
  const selectors = exactSelectors(context, cluster, workloads, service, span);
  const wanted = new Set(workloads.map(keyOf));
  const others = context
    .workloadsIn(cluster.name, workloads[0]?.namespace ?? '')
    .filter((each) => !wanted.has(keyOf(each)));
  return namedSelectors(name, selectors, workloads).map(({ name: own, labels }) => {
    const other = others.find((each) => selects(labels, each.labels));
    if (other && workloads[0]) {
      const parameters = { workload: keyOf(workloads[0]), other: keyOf(other) };
      context.report(diagnostic('selector-not-exact', parameters, span));
    }
    return { name: own, selector: { matchLabels: labels, matchExpressions: [] } };
  });
}
