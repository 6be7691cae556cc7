import { podPoint } from '../../../dataplanes/capabilities.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import { label } from '../../../topology/labels.js';
import { type Cluster, keyOf, type Labels, type Service, selects, type Workload } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Labels that controllers write on pods: they change with every rollout, or say nothing about what the pod is. */
const transient =
  /^((rollouts-)?pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/.*|apps\.kubernetes\.io\/.*|batch\.kubernetes\.io\/.*|job-name|controller-uid)$/;

/**
 * Selectors that together match exactly these workloads of one namespace: the Service's own where it does, else the
 * labels they share, else one selector a workload. A workload that no label tells apart is reported.
 */
export function exactSelectors(
  context: PlaceContext,
  { name }: Pick<Cluster, 'name'>,
  workloads: readonly Workload[],
  service: Service | undefined,
  span: Span | null,
): Labels[] {
  const [first] = workloads;
  if (first === undefined) return [];
  // A selector may match pods that no proxy stands in front of: it means nothing there.
  const neighbours = context
    .workloadsIn(name, first.namespace)
    .filter(({ mode }) => podPoint[mode.plane] !== undefined);
  const wanted = new Set(workloads.map(keyOf));
  const isExact = (labels: Labels) =>
    tellsPods(labels) && neighbours.every((each) => selects(labels, each.labels) === wanted.has(keyOf(each)));
  if (service?.selector && isExact(service.selector)) return [service.selector];
  const shared = sharedLabels(workloads);
  if (isExact(shared)) return [shared];
  return workloads.flatMap((workload) => {
    const own = sharedLabels([workload]);
    const other = neighbours.find((each) => !wanted.has(keyOf(each)) && selects(own, each.labels));
    if (other === undefined && tellsPods(own)) return [own];
    context.report(
      diagnostic('selector-not-exact', { workload: keyOf(workload), other: other ? keyOf(other) : 'others' }, span),
    );
    return [];
  });
}

/** Labels by which pods join the mesh say nothing of what they are: a pod to come may have them as well. */
export function tellsPods(labels: Labels): boolean {
  return Object.keys(labels).some((key) => !joining.has(key));
}

const joining: ReadonlySet<string> = new Set([label.inject, label.dataplaneMode, label.revision]);

/** Selectors with the names of the objects that carry them: several selectors are one a workload. */
export function namedSelectors(
  name: string,
  selectors: readonly Labels[],
  workloads: readonly Workload[],
): ReadonlyArray<{ readonly name: string; readonly labels: Labels }> {
  if (selectors.length < 2) return selectors.map((labels) => ({ name, labels }));
  return selectors.map((labels, index) => ({ name: `${name}-${workloads[index]?.name ?? index}`, labels }));
}

function sharedLabels(workloads: readonly Workload[]): Labels {
  const [first, ...rest] = workloads;
  const entries = Object.entries(withoutTransient(first?.labels ?? {})).filter(([key, value]) =>
    rest.every(({ labels }) => labels[key] === value),
  );
  return Object.fromEntries(entries);
}

/** Labels that stay with pods, in order. */
export function withoutTransient(labels: Labels): Labels {
  const entries = Object.entries(labels).filter(([key]) => !transient.test(key));
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
