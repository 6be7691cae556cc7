import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh } from '../../mesh/mesh.js';
import { spanIn } from '../../parse/document.js';
import { type ApiServerCall, type Cluster, keyOf, type Service } from '../../topology/model.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';
import { hangsOnUnknownRevision } from '../topology/revisions.js';

/** A webhook or an aggregated API whose pods refuse the API server, which is not in the mesh (§5.3, istio#52874). */
export function apiServerRefused({ mesh }: Pick<LintContext, 'mesh'>): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap(({ cluster }) =>
    cluster.apiServerCalls.flatMap((call) => {
      const service = cluster.services.get(call.service);
      const evidence = service && refusal(mesh, cluster, service, call);
      if (service === undefined || evidence === undefined) return [];
      const proof = proofOf(evidence, 'the API server has no certificate of the mesh (istio-security §5.3)');
      const calledBy = {
        message: `${call.object.kind} \`${call.object.name}\` names it`,
        span: spanIn(call.object, call.path),
      };
      const parameters = { service: call.service, purpose: call.purpose };
      const span = spanIn(service.object, ['metadata', 'name']);
      return diagnostic('api-server-refused', parameters, span, {
        ...proof,
        notes: [...(proof.notes ?? []), calledBy],
      });
    }),
  );
}

/** Its own TLS is bytes to the mesh, on whichever port: where none is declared, detection finds no request in it (T-54). */
function refusal(mesh: Mesh, cluster: Cluster, service: Service, { port }: ApiServerCall): Evidence | undefined {
  if (!service.ports.some(({ number }) => number === port)) return undefined;
  const workloads = service.workloads.filter((key) => {
    const workload = cluster.workloads.get(key);
    return workload !== undefined && !hangsOnUnknownRevision(workload, cluster);
  });
  return firstOf(workloads, (workload) => {
    const source = { kind: 'outside', name: 'kube-apiserver' } as const;
    const destination = { kind: 'service', cluster: cluster.name, service: keyOf(service), port, workload } as const;
    return evidenceOf(mesh, { source, destination, payload: { kind: 'tcp' } }, 'denied');
  });
}
