import { podPoint } from '../../../dataplanes/capabilities.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../../diagnostics/diagnostic.js';
import type { Setting } from '../../../resolve/resolved.js';
import { keyInMesh, keyOf, type Workload } from '../../../topology/model.js';
import { once } from '../../../util/once.js';
import { groupBy } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';

/** What a namespace is promised holds for every workload there: one outside the mesh would stay open, and in plaintext. */
export function checkCoverage(context: PlaceContext): void {
  const { destinations, defaults, mtls, topology } = context.ir;
  const judged = once(() => new Set(destinations.flatMap(({ destination }) => destination.workloads.map(keyInMesh))));
  const promises = groupBy([...mtls, ...defaults].filter(closes), ({ scope }) =>
    scope.kind === 'mesh' ? '' : scope.namespace,
  );
  for (const cluster of topology.clusters) {
    for (const workload of cluster.workloads.values()) {
      const serves = workload.ports.length > 0 || workload.services.length > 0;
      const isInfrastructure = workload.mode.plane !== 'none' && workload.mode.plane !== 'hbone';
      if (!serves || isInfrastructure || podPoint[workload.mode.plane] !== undefined) continue;
      const promised = promises.get(workload.namespace) ?? [];
      if (promised.length === 0 || judged().has(keyInMesh(workload))) continue;
      const [broken] = promised.filter((promise) => !context.accepts(promise, 'unmeshedWorkloads', gapAt(workload)));
      if (broken) context.report(unmeshed(workload, broken.origin.span, 'would not hold there'));
    }
  }
}

/** Whether a setting promises that something is kept out, also from where no proxy stands; one of the mesh speaks about what is in it. */
export function closes({ value, scope }: Setting<string>): boolean {
  return scope.kind !== 'mesh' && (value === 'Deny' || value === 'Strict');
}

export function gapAt(workload: Workload): string {
  return `nothing enforces it in front of ${keyOf(workload)}`;
}

export function unmeshed(workload: Workload, span: Span, label: string): Diagnostic {
  const notes = [{ message: `why: ${workload.mode.because} (istio-traffic-topology ${workload.mode.fact})` }];
  const witness = 'anybody who can reach the pod sends it any request';
  return diagnostic('unmeshed-destination', { workload: keyOf(workload) }, span, { label, witness, notes });
}
