import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Payload } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { type Probe, plaintextProbes } from '../../topology/probes.js';
import { oncePerObject } from '../../util/once.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';
import { hangsOnUnknownRevision } from '../topology/revisions.js';

/** Probes that the injector leaves as they are, at sidecars that refuse the kubelet (§5.3, istio#22316). */
export function probesRefused({ mesh }: Pick<LintContext, 'mesh'>): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap(({ cluster }) =>
    probedIn(cluster.workloads).flatMap(({ workload, probes }) => {
      if (hangsOnUnknownRevision(workload, cluster)) return [];
      const found = firstOf(probes, (probe) => {
        const evidence = refusal(mesh, workload, probe);
        return evidence && { probe, evidence };
      });
      if (found === undefined) return [];
      const { probe, evidence } = found;
      const law = 'the kubelet has no certificate of the mesh, and the probe is not rewritten (istio-security §5.3)';
      const parameters = { field: probe.field, workload: keyOf(workload) };
      return diagnostic('probe-refused', parameters, spanIn(workload.object, probe.place), proofOf(evidence, law));
    }),
  );
}

const probedIn = oncePerObject((workloads: ReadonlyMap<string, Workload>) =>
  [...workloads.values()]
    .map((workload) => ({ workload, probes: plaintextProbes(workload) }))
    .filter(({ probes }) => probes.length > 0),
);

function refusal(mesh: Mesh, workload: Workload, probe: Probe): Evidence | undefined {
  const source = { kind: 'outside', name: 'kubelet' } as const;
  const { cluster } = workload;
  const destination = { kind: 'pod', cluster, workload: keyOf(workload), port: probe.port } as const;
  return evidenceOf(mesh, { source, destination, payload: payloadOf(probe) }, 'denied');
}

function payloadOf({ speaks, path }: Probe): Payload {
  if (speaks === 'tls') return { kind: 'tcp' };
  const method = speaks === 'grpc' ? 'POST' : 'GET';
  return { kind: 'http', method, path, host: 'any', headers: {} };
}
