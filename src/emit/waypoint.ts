import type { Enrolment, PlannedWaypoint } from '../ir/policy-ir.js';
import type { Manifest } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

/** The Gateway that Istio deploys as a waypoint, and the ConfigMap with its replicas and disruption budget. */
export function waypoint(planned: PlannedWaypoint, provenance: Provenance): Manifest[] {
  return [options(planned, provenance), gateway(planned, provenance)];
}

function gateway(
  { cluster, namespace, name, revision, because, origins }: PlannedWaypoint,
  provenance: Provenance,
): Manifest {
  const purpose = `waypoint for services of namespace ${namespace}`;
  const metadata = ownMetadata(purpose, origins);
  const revisionLabel = revision === 'default' ? {} : { 'istio.io/rev': revision };
  return {
    cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        name,
        namespace,
        ...metadata,
        labels: { ...metadata.labels, ...revisionLabel, 'istio.io/waypoint-for': 'service' },
      },
      spec: {
        gatewayClassName: 'istio-waypoint',
        infrastructure: {
          // Without labels of its own, what Istio deploys would carry ours, and a prune by label would take it away (W-42).
          labels: { 'app.kubernetes.io/name': name, ...revisionLabel },
          parametersRef: { group: '', kind: 'ConfigMap', name: optionsName(name) },
        },
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'Same' } } }],
      },
    },
    header: [
      ...objectComment(purpose, [], provenance),
      ...(provenance === 'none' ? [] : because.map((cause) => `why: ${cause}`)),
    ],
    comments: [],
    realises: distinct(origins).map(({ id }) => id),
  };
}

/** A waypoint is in the path of every request to its services, so that one replica would be one point of failure (W-45, W-46). */
function options({ cluster, namespace, name, origins }: PlannedWaypoint, provenance: Provenance): Manifest {
  const purpose = `how Istio deploys waypoint ${name}: two replicas, of which one may be disrupted at a time`;
  return {
    cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: optionsName(name), namespace, ...ownMetadata(purpose, origins) },
      data: {
        deployment: 'spec:\n  replicas: 2\n',
        podDisruptionBudget: 'spec:\n  maxUnavailable: 1\n',
      },
    },
    header: objectComment(purpose, [], provenance),
    comments: [],
    realises: distinct(origins).map(({ id }) => id),
  };
}

function optionsName(waypointName: string): string {
  return `${waypointName}-options`;
}

/**
 * What a Service or ServiceEntry that Ambit did not write needs of labels and annotations, as an object that holds nothing but them.
 * Server-side apply adds them and owns nothing else; a client-side apply would take away what its last applied
 * configuration had.
 */
export function enrolment(
  { cluster, namespace, kind, name, labels, annotations, purpose, origins }: Enrolment,
  provenance: Provenance,
): Manifest {
  return {
    cluster,
    phase: '30-enrolment',
    object: {
      apiVersion: kind === 'Service' ? 'v1' : 'networking.istio.io/v1',
      kind,
      metadata: {
        name,
        namespace,
        ...(Object.keys(labels).length > 0 && { labels }),
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
    },
    header: [...objectComment(purpose, origins, provenance), ...(provenance === 'none' ? [] : [howToApply])],
    comments: [],
    realises: distinct(origins).map(({ id }) => id),
  };
}

const howToApply = 'a patch: kubectl apply --server-side --field-manager=ambit';
