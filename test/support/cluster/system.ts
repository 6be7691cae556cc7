import { runningOf } from './running.js';
import type { Served } from './served.js';

/** The Istio of a cluster. */
export interface Installed {
  readonly version: string;
  readonly ambient: boolean;
}

/** What is in every cluster with Istio: Kubernetes' own objects, istiod, ztunnel and the CNI, and the accounts of namespaces. */
export function installed(namespaces: readonly string[], istio: Installed): readonly Served[] {
  const everywhere = [
    ...new Set([...namespaces, 'default', 'istio-system', 'kube-system', 'kube-public', 'kube-node-lease']),
  ];
  return [
    ...everywhere.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...everywhere.map((namespace) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    })),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      endpoints: [{ addresses: ['172.18.0.2'], conditions: { ready: true } }],
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    },
    ...deployed('Deployment', 'kube-system', 'coredns', { 'k8s-app': 'kube-dns' }, [
      { containerPort: 53, name: 'dns', protocol: 'UDP' },
      { containerPort: 53, name: 'dns-tcp' },
    ]),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        selector: { 'k8s-app': 'kube-dns' },
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, targetPort: 53 },
        ],
      },
    },
    ...deployed('DaemonSet', 'kube-system', 'kube-proxy', { 'k8s-app': 'kube-proxy' }, [], { hostNetwork: true }),
    ...deployed('Deployment', 'istio-system', 'istiod', { app: 'istiod', istio: 'pilot' }, [
      { containerPort: 8080 },
      { containerPort: 15010, name: 'grpc-xds' },
      { containerPort: 15017, name: 'https-webhooks' },
    ]).map((each) => (each.kind === 'Deployment' ? withVariables(each, istio) : each)),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'istiod',
        namespace: 'istio-system',
        labels: { app: 'istiod', istio: 'pilot', 'istio.io/rev': 'default' },
      },
      spec: {
        selector: { app: 'istiod', istio: 'pilot' },
        ports: [
          { name: 'grpc-xds', port: 15010 },
          { name: 'https-dns', port: 15012 },
          { name: 'https-webhook', port: 443, targetPort: 15017 },
          { name: 'http-monitoring', port: 15014 },
        ],
      },
    },
    ...(istio.ambient
      ? deployed('DaemonSet', 'istio-system', 'ztunnel', { app: 'ztunnel' }, [
          { containerPort: 15020, name: 'ztunnel-stats' },
        ])
      : []),
    ...deployed('DaemonSet', 'istio-system', 'istio-cni-node', { 'k8s-app': 'istio-cni-node' }, [
      { containerPort: 15014, name: 'metrics' },
    ]),
  ];
}

function deployed(
  kind: string,
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  ports: readonly object[],
  more: object = {},
): readonly Served[] {
  const workload: Served = {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: {
            ...labels,
            ...(namespace === 'istio-system' && {
              'sidecar.istio.io/inject': 'false',
              'istio.io/dataplane-mode': 'none',
            }),
          },
        },
        spec: { serviceAccountName: name, containers: [{ name, image: `registry.example/${name}:1`, ports }], ...more },
      },
    },
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    workload,
    ...runningOf(workload, 'none'),
  ];
}

/** istiod as its chart installs it. */
function withVariables(object: Served, { ambient, version }: Installed): Served {
  const env = [
    { name: 'REVISION', value: 'default' },
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    { name: 'PILOT_TRACE_SAMPLING', value: '1' },
    { name: 'PILOT_ENABLE_ANALYSIS', value: 'false' },
    { name: 'CLUSTER_ID', value: 'Kubernetes' },
    ...(ambient ? [{ name: 'PILOT_ENABLE_AMBIENT', value: 'true' }] : []),
  ];
  const { spec } = object;
  const containers = spec.template?.spec.containers.map((each: Served['spec']) => ({
    ...each,
    image: `docker.io/istio/pilot:${version}.0`,
    env,
  }));
  return containers === undefined
    ? object
    : { ...object, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } } };
}
