import type { PlacedSidecar } from '../ir/placed-sidecar.js';
import type { Manifest } from './manifest.js';
import { objectComment, ownMetadata, type Provenance } from './provenance.js';

/** What the sidecars of some pods know of the mesh. */
export function sidecar(placed: PlacedSidecar, provenance: Provenance): Manifest {
  const { cluster, namespace, name, selector, hosts, kept, purpose, origin } = placed;
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name, namespace, ...ownMetadata(purpose, [origin]) },
      spec: {
        ...(selector && { workloadSelector: { labels: selector } }),
        egress: [{ hosts: [...hosts] }],
        ...kept,
      },
    },
    header: objectComment(purpose, [origin], provenance),
    comments: [],
    realises: [origin.id],
  };
}
