import { podPoint } from '../../dataplanes/capabilities.js';
import { diagnostic } from '../../diagnostics/create.js';
import { keyOf } from '../../topology/model.js';
import type { PlaceContext } from './context.js';

/** What helps where no rule is there yet that could carry the waiver. */
export const helpWithoutRule =
  'enrol it (label `istio.io/dataplane-mode=ambient`), or accept the gap in a rule that names it: `accept: [{ path: unmeshedWorkloads, until: …, reason: … }]`';

/** What a namespace is promised holds for every workload there: one outside the mesh would stay open, and in plaintext. */
export function checkCoverage(context: PlaceContext): void {
  const { destinations, defaults, mtls, topology } = context.ir;
  const judged = new Set(
    destinations.flatMap(({ destination }) =>
      destination.workloads.map((workload) => `${workload.cluster}/${keyOf(workload)}`),
    ),
  );
  const promises = [
    ...mtls.filter(({ value }) => value === 'Strict'),
    ...defaults.filter(({ value }) => value === 'Deny'),
  ];
  const closed = new Map(
    promises.flatMap((each) => (each.scope.kind === 'namespace' ? [[each.scope.namespace, each]] : [])),
  );
  for (const cluster of topology.clusters) {
    for (const workload of cluster.workloads.values()) {
      const setting = closed.get(workload.namespace);
      const serves = workload.ports.length > 0 || workload.services.length > 0;
      const isInfrastructure = workload.mode.plane !== 'none' && workload.mode.plane !== 'hbone';
      if (setting === undefined || !serves || isInfrastructure || podPoint[workload.mode.plane] !== undefined) continue;
      if (judged.has(`${workload.cluster}/${keyOf(workload)}`)) continue;
      const notes = [{ message: `why: ${workload.mode.because} (istio-traffic-topology ${workload.mode.fact})` }];
      const witness = 'anybody who can reach the pod sends it any request';
      const details = { label: 'would not hold there', witness, notes, help: helpWithoutRule };
      context.report(diagnostic('unmeshed-destination', { workload: keyOf(workload) }, setting.origin.span, details));
    }
  }
}
