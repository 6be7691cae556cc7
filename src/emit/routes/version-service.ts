import type { PlacedVersionService } from '../../ir/placed-traffic.js';
import type { JsonObject } from '../../parse/document.js';
import type { ServicePort } from '../../topology/model.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance } from '../provenance.js';

/** The Service that stands for one version, with all that decides how endpoints of the whole Service are chosen. */
export function versionService(
  { destination, origin, version: { name, selector, traits }, notes }: PlacedVersionService,
  provenance: Provenance,
): Manifest {
  const purpose = `the pods of one version of ${destination.name}, as a Service that an HTTPRoute can name`;
  const metadata = ownMetadata(purpose, [origin]);
  return {
    cluster: destination.cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      // Behind a waypoint of the namespace it would be a way past the rules of the whole: no policy speaks of it there (W-11, T-23).
      metadata: {
        name,
        namespace: destination.namespace,
        ...metadata,
        annotations: { ...metadata.annotations, ...traits.annotations },
        labels: { ...metadata.labels, ...traits.labels, 'istio.io/use-waypoint': 'none' },
      },
      spec: { type: 'ClusterIP', ports: (destination.service?.ports ?? []).map(portOf), selector, ...traits.spec },
    },
    header: [...objectComment(purpose, [origin], provenance), ...(provenance === 'none' ? [] : notes)],
    comments: [],
    realises: [origin.id],
  };
}

function portOf({ name, number, targetPort, transport, protocol, because }: ServicePort): JsonObject {
  return {
    ...(name ? { name } : {}),
    ...(because === 'appProtocol' ? { appProtocol: protocol } : {}),
    port: number,
    protocol: transport,
    targetPort,
  };
}
