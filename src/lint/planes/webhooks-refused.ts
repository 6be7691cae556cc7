import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Service } from '../../topology/model.js';
import { firstOf, type LintContext } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';

/** An admission webhook whose pods refuse the API server, which is not in the mesh (§5.3, istio#52874). */
export function webhooksRefused(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap(({ cluster }) =>
    [...cluster.webhookServices].flatMap((key) => {
      const service = cluster.services.get(key);
      const evidence = service && refusal(context, service);
      if (service === undefined || evidence === undefined) return [];
      const law = 'the API server has no certificate of the mesh (istio-security §5.3)';
      const span = spanIn(service.object, ['metadata', 'name']);
      return diagnostic('webhook-refused', { service: keyOf(service) }, span, proofOf(evidence, law));
    }),
  );
}

/** Its own TLS is bytes to the mesh, on whichever port: where none is declared, detection finds no request in it (T-54). */
function refusal({ mesh, sitesBehind }: LintContext, service: Service): Evidence | undefined {
  const sites = (sitesBehind.get(service) ?? []).filter(({ plan, behind }) => {
    return plan.lane.destination.kind === 'service' && behind?.port.layer !== 'http';
  });
  return firstOf(sites, ({ plan: { lane } }) => {
    const source = { kind: 'outside', name: 'kube-apiserver' } as const;
    return evidenceOf(mesh, { source, destination: lane.destination, payload: { kind: 'tcp' } }, 'denied');
  });
}
