import { fc } from '../fast-check.js';

/** Few names and few values, so that rules meet on the same services and callers. */
export interface SmallMesh {
  readonly version: '1.29' | '1.31';
  readonly sidecarsListenHbone: boolean;
  readonly namespaces: readonly SmallNamespace[];
}

export interface SmallNamespace {
  readonly name: string;
  readonly mode: 'ambient' | 'sidecar' | 'none';
  /** A waypoint for the namespace's Services is there already. */
  readonly hasWaypoint: boolean;
  readonly services: readonly SmallService[];
}

export interface SmallService {
  readonly name: string;
  /** What its pods ask for themselves, against their namespace; `namespace` for nothing. */
  readonly asks: 'namespace' | 'sidecar' | 'opt-out';
  readonly ports: readonly SmallPort[];
  readonly ingressUsesWaypoint: boolean;
}

export interface SmallPort {
  readonly name: 'http' | 'tcp';
  readonly number: number;
  readonly targetPort: number;
}

/** The gateway that every small mesh has. */
export const gatewayReference = 'ingress/public';
export const clusterName = 'east';

const http: SmallPort = { name: 'http', number: 80, targetPort: 8080 };
const tcp: SmallPort = { name: 'tcp', number: 5432, targetPort: 5432 };

const smallService = (name: string): fc.Arbitrary<SmallService> =>
  fc.record({
    name: fc.constant(name),
    asks: fc.oneof(
      { weight: 6, arbitrary: fc.constant('namespace' as const) },
      { weight: 1, arbitrary: fc.constantFrom('sidecar' as const, 'opt-out' as const) },
    ),
    ports: fc.constantFrom([http], [http], [tcp], [http, tcp]),
    ingressUsesWaypoint: fc.boolean(),
  });

const smallNamespace = (name: string): fc.Arbitrary<SmallNamespace> =>
  fc.record({
    name: fc.constant(name),
    mode: fc.constantFrom('ambient', 'ambient', 'sidecar', 'none'),
    hasWaypoint: fc.boolean(),
    services: someOf(['cart', 'ledger', 'stock'], smallService),
  });

/** One cluster, up to three namespaces of up to three services, in any mixture of planes. */
export const smallMesh: fc.Arbitrary<SmallMesh> = fc.record({
  version: fc.constantFrom('1.29', '1.31'),
  sidecarsListenHbone: fc.boolean(),
  namespaces: someOf(['shop', 'payments', 'ops'], smallNamespace),
});

function someOf<T>(names: readonly string[], arbitrary: (name: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc
    .subarray([...names], { minLength: 1 })
    .chain((chosen) => fc.tuple(...chosen.map((name) => arbitrary(name))));
}

/** The Mesh document. */
export function meshDocument({ version, sidecarsListenHbone }: SmallMesh): object {
  const istio = { version, revision: 'default', sidecarsListenHbone };
  const cluster = { name: clusterName, network: clusterName, istio, manifests: [`clusters/${clusterName}/`] };
  return {
    apiVersion: 'ambit.dev/v1alpha1',
    kind: 'Mesh',
    metadata: { name: 'small' },
    spec: { clusters: [cluster] },
  };
}

/** The cluster's manifests: what a repository would hold, without Pods. */
export function manifestsOf({ namespaces }: SmallMesh): readonly object[] {
  const [gatewayNamespace, gatewayName] = gatewayReference.split('/');
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: gatewayNamespace } },
    gateway({ name: gatewayName, namespace: gatewayNamespace }, 'istio', { name: 'web', port: 80, protocol: 'HTTP' }),
    ...namespaces.flatMap(namespaceObjects),
  ];
}

const modeLabels = {
  ambient: { 'istio.io/dataplane-mode': 'ambient' },
  sidecar: { 'istio-injection': 'enabled' },
  none: {},
} as const;

function namespaceObjects(namespace: SmallNamespace): readonly object[] {
  const { name, mode, hasWaypoint, services } = namespace;
  const labels = { ...modeLabels[mode], ...(hasWaypoint && { 'istio.io/use-waypoint': 'waypoint' }) };
  const listener = { name: 'mesh', port: 15008, protocol: 'HBONE' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
    ...(hasWaypoint ? [gateway({ name: 'waypoint', namespace: name }, 'istio-waypoint', listener)] : []),
    ...services.flatMap((service) => serviceObjects(namespace, service)),
  ];
}

function gateway(metadata: object, gatewayClassName: string, listener: object): object {
  const spec = { gatewayClassName, listeners: [listener] };
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata, spec };
}

function serviceObjects(namespace: SmallNamespace, service: SmallService): readonly object[] {
  const metadata = { name: service.name, namespace: namespace.name };
  const labels = service.ingressUsesWaypoint ? { labels: { 'istio.io/ingress-use-waypoint': 'true' } } : {};
  const ports = service.ports.map(({ name, number, targetPort }) => ({ name, port: number, targetPort }));
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, ...labels },
      spec: { selector: { app: service.name }, ports },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: deploymentSpec(service) },
  ];
}

const podLabels = {
  namespace: {},
  sidecar: { 'sidecar.istio.io/inject': 'true' },
  'opt-out': { 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' },
} as const;

function deploymentSpec({ name, asks, ports }: SmallService): object {
  const container = { name: 'main', image: 'main', ports: ports.map((port) => ({ containerPort: port.targetPort })) };
  return {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...podLabels[asks] } },
      spec: { serviceAccountName: name, containers: [container] },
    },
  };
}
