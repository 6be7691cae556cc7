import type { Enrolment, PlannedWaypoint } from '../ir/policy-ir.js';
import type { JsonObject } from '../parse/document.js';
import { optionsName, podOverlays } from './deployed-pods.js';
import type { Manifest } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

/** The Gateway that Istio deploys as a waypoint, and the ConfigMap with its replicas and disruption budget. */
export function waypoint(planned: PlannedWaypoint, provenance: Provenance): Manifest[] {
  return [options(planned, provenance), gateway(planned, provenance)];
}

function gateway(planned: PlannedWaypoint, provenance: Provenance): Manifest {
  const { cluster, namespace, name, revision, because, origins } = planned;
  const purpose = purposeOf(planned);
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
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: admitted(planned) } }],
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

function purposeOf({ namespace, services, admits, placement }: PlannedWaypoint): string {
  const [only, ...others] = services;
  if (isShared({ namespace, admits })) return `waypoint that services of namespaces ${admits.join(', ')} share`;
  return placement === 'Service' && only !== undefined && others.length === 0
    ? `waypoint for service ${only.slice(namespace.length + 1)}`
    : `waypoint for services of namespace ${namespace}`;
}

function isShared({ namespace, admits }: Pick<PlannedWaypoint, 'namespace' | 'admits'>): boolean {
  return admits.some((admitted) => admitted !== namespace);
}

/** Its own namespace alone, or those by name whose services use it (W-17). */
function admitted({ namespace, admits }: PlannedWaypoint): JsonObject {
  if (!isShared({ namespace, admits })) return { from: 'Same' };
  const byName = { key: 'kubernetes.io/metadata.name', operator: 'In', values: [...admits] };
  return { from: 'Selector', selector: { matchExpressions: [byName] } };
}

/** What Istio merges into what it deploys for a waypoint (W-43). */
function options({ cluster, namespace, name, pods, origins }: PlannedWaypoint, provenance: Provenance): Manifest {
  const purpose = `how Istio deploys waypoint ${name}: ${podsInWords(pods)}`;
  return {
    cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: optionsName(name), namespace, ...ownMetadata(purpose, origins) },
      data: podOverlays(pods),
    },
    header: objectComment(purpose, [], provenance),
    comments: [],
    realises: distinct(origins).map(({ id }) => id),
  };
}

function podsInWords({ replicas, maxReplicas, disruption: { bound, pods } }: PlannedWaypoint['pods']): string {
  const range = maxReplicas === undefined ? inWords(replicas) : `${inWords(replicas)} to ${inWords(maxReplicas)}`;
  const noun = replicas === 1 && maxReplicas === undefined ? 'replica' : 'replicas';
  const left = bound === 'maxUnavailable' ? 'may be disrupted at a time' : 'stay through any disruption';
  return `${range} ${noun}, of which ${inWords(pods)} ${left}`;
}

function inWords(count: number | string): string {
  return typeof count === 'number'
    ? (['none', 'one', 'two', 'three', 'four', 'five', 'six'][count] ?? `${count}`)
    : count;
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
