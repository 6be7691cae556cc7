import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

/** A mesh that is to reach registered hosts only, and pods in ambient, whose ztunnel passes everything on (T-84). */
export function registryOnlyInAmbient({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    if (at.cluster.settings.istio.outboundTrafficPolicy !== 'REGISTRY_ONLY') return [];
    const [first, ...others] = inAmbient(at);
    return first === undefined ? [] : [finding(at, first, others.length)];
  });
}

function inAmbient({ cluster }: MeshCluster) {
  return [...cluster.workloads.values()].filter(({ mode }) => mode.plane === 'ambient');
}

function finding(at: MeshCluster, workload: ReturnType<typeof inAmbient>[number], others: number): Diagnostic {
  const who = others === 0 ? '' : others === 1 ? ' and one other workload' : ` and ${others} other workloads`;
  const parameters = { cluster: at.cluster.name, workload: keyOf(workload), others: who };
  return diagnostic('registry-only-in-ambient', parameters, spanIn(workload.object, ['metadata', 'name']), {
    witness: `a connection of a pod of \`${keyOf(workload)}\` to an address outside that nothing in the mesh has gets there`,
    ...lawsOf('ztunnel passes on what it does not know, whatever the MeshConfig says (istio-traffic-topology T-84)'),
  });
}
