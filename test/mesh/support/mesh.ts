import { expect } from 'vitest';
import { type Mesh, readMesh } from '../../../src/mesh/mesh.js';
import type { IstioSettings, MeshSettings } from '../../../src/parse/mesh.js';
import { istioSettings } from '../../../src/parse/parse-istio.js';
import { readObjects } from '../../../src/parse/read-objects.js';
import { readYaml } from '../../../src/parse/read-yaml.js';
import { buildTopology, type ClusterObject } from '../../../src/topology/build-topology.js';

/** What a test may say of the deployment beside its manifests. */
export interface Settings extends Partial<IstioSettings> {
  readonly trustDomain?: string;
  readonly trustDomainAliases?: readonly string[];
}

export function settingsOf({
  trustDomain = 'cluster.local',
  trustDomainAliases = [],
  ...istio
}: Settings = {}): MeshSettings {
  const cluster = {
    name: 'east',
    network: 'east',
    trustDomain,
    trustDomainAliases,
    istio: {
      ...istioSettings(undefined),
      sidecarsListenHbone: true,
      knowsAllProviders: istio.extensionProviders !== undefined,
      ...istio,
    },
    gatewayApi: { channel: 'standard' as const },
    gateways: [],
    manifests: [],
    span: null,
  };
  return {
    name: 'test',
    rootNamespace: 'istio-system',
    clusterDomain: 'cluster.local',
    trustDomain,
    clusters: [cluster],
    callers: [],
    tokenIssuers: [],
    rateLimitServices: [],
    customMethods: [],
    span: null,
  };
}

export function objectsOf(text: string, path = 'manifests.yaml'): readonly ClusterObject[] {
  const documents = readYaml({ path, text }, 'manifest');
  const objects = readObjects(documents.value);
  expect([...documents.diagnostics, ...objects.diagnostics].map(({ message }) => message)).toEqual([]);
  return objects.value.map((object) => ({ cluster: 'east', object }));
}

/** A mesh of one cluster, `east`, from manifests that must read without an error. */
export function meshOf(text: string, settings: Settings = {}): Mesh {
  const topology = buildTopology(settingsOf(settings), objectsOf(text));
  const mesh = readMesh(topology.value);
  const errors = [...topology.diagnostics, ...mesh.diagnostics].filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toEqual([]);
  return mesh.value;
}

/**
 * Namespaces `amb` (ambient), `side` (sidecars) and `plain` (outside the mesh), each with a client `client` and a server
 * `server` behind a Service of that name: `http` 80 on pod port 8080, `tcp` 81 on 9000, `auto` 82 on 8082.
 */
export const threeNamespaces = `
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: amb, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: side, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: plain }
${['amb', 'side', 'plain'].map((namespace) => workload(namespace, 'client') + workload(namespace, 'server') + service(namespace, 'server')).join('')}`;

export function workload(namespace: string, name: string, more = ''): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}${more} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: main, image: example, ports: [{ name: web, containerPort: 8080 }] }]
`;
}

export function service(namespace: string, name: string, labels = '{}'): string {
  return `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, labels: ${labels} }
spec:
  selector: { app: ${name} }
  ports:
    - { name: http, port: 80, targetPort: web }
    - { name: tcp, port: 81, targetPort: 9000 }
    - { name: auto, port: 82, targetPort: 8082 }
`;
}

export function waypoint(namespace: string, name = 'waypoint', serves = 'service'): string {
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${namespace}, labels: { istio.io/waypoint-for: ${serves} } }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
`;
}

/** An AuthorizationPolicy; `spec` is a flow mapping. */
export function policy(namespace: string, name: string, spec: string, annotations = '{}'): string {
  return `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${namespace}, annotations: ${annotations} }
spec: ${spec}
`;
}

export function peerAuthentication(namespace: string, name: string, spec: string): string {
  return `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
}

export function requestAuthentication(namespace: string, name: string, spec: string): string {
  return `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
}
