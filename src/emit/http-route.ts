import type { PlacedRoute, VersionService } from '../ir/policy-ir.js';
import type { JsonObject } from '../parse/document.js';
import type { ServicePort } from '../topology/model.js';
import type { Manifest } from './manifest.js';
import { objectComment, ownMetadata, type Provenance } from './provenance.js';

/** The routes of a service at its waypoint: one HTTPRoute a port, and the Services that stand for its versions. */
export function httpRoutes(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const { destination, backends } = route;
  const ports = (destination.service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  return [
    ...backends.filter(({ exists }) => !exists).map((backend) => versionService(route, backend, provenance)),
    ...ports.map((port) => httpRoute(route, port, ports.length > 1, provenance)),
  ];
}

function httpRoute(
  { destination, traffic, backends, why }: PlacedRoute,
  port: ServicePort,
  isOneOfSeveral: boolean,
  provenance: Provenance,
): Manifest {
  const { cluster, namespace, name } = destination;
  const purpose = `how requests to ${name} are routed, ${why}`;
  const targets = backends.length > 0 ? backends : [{ name, weight: 1 }];
  const { timeout, retries } = traffic;
  const timeouts = {
    ...(timeout ? { request: timeout } : {}),
    ...(retries?.perTryTimeout ? { backendRequest: retries.perTryTimeout.value } : {}),
  };
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: {
        name: isOneOfSeveral ? `${name}-${port.number}` : name,
        namespace,
        ...ownMetadata(purpose, [traffic.origin]),
      },
      spec: {
        parentRefs: [{ group: '', kind: 'Service', name, port: port.number }],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}),
            ...(retries ? { retry: { attempts: retries.attempts } } : {}),
            backendRefs: targets.map((target) => ({
              group: '',
              kind: 'Service',
              name: target.name,
              port: port.number,
              weight: target.weight,
            })),
          },
        ],
      },
    },
    header: objectComment(purpose, [traffic.origin], provenance),
    comments: [],
    realises: [traffic.origin.id],
  };
}

function versionService(
  { destination, traffic }: PlacedRoute,
  { name, selector, traits }: VersionService,
  provenance: Provenance,
): Manifest {
  const purpose = `the pods of one version of ${destination.name}, as a Service that an HTTPRoute can name`;
  const metadata = ownMetadata(purpose, [traffic.origin]);
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
        labels: { ...metadata.labels, 'istio.io/use-waypoint': 'none' },
      },
      spec: { type: 'ClusterIP', ports: (destination.service?.ports ?? []).map(portOf), selector, ...traits.spec },
    },
    header: objectComment(purpose, [traffic.origin], provenance),
    comments: [],
    realises: [traffic.origin.id],
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
