import type { PlacedServiceEntry } from '../ir/placed-traffic.js';
import type { Manifest } from './manifest.js';
import { objectComment, ownMetadata, type Provenance } from './provenance.js';

/** What makes a host outside the mesh known to it. */
export function serviceEntry(placed: PlacedServiceEntry, provenance: Provenance): Manifest {
  const { cluster, namespace, name, spec, labels, purpose, origin } = placed;
  const metadata = ownMetadata(purpose, [origin]);
  return {
    cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name, namespace, ...metadata, labels: { ...metadata.labels, ...labels } },
      spec,
    },
    header: objectComment(purpose, [origin], provenance),
    comments: [],
    realises: [origin.id],
  };
}
