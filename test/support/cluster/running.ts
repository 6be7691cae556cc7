import type { Served } from './served.js';

/** How the pods of a workload come into the mesh, as the model reads it from the manifests. */
export type Plane = 'sidecar' | 'ambient' | 'none';

/** What controllers make of a Deployment, StatefulSet or DaemonSet: the ReplicaSet and one pod, with what Istio puts into it. */
export function runningOf(workload: Served, plane: Plane): readonly Served[] {
  const { kind, metadata, spec } = workload;
  if (spec.replicas === 0) return [];
  const hash = hashOf(metadata.name);
  const hashed = kind === 'Deployment' ? { 'pod-template-hash': hash } : {};
  const name = kind === 'Deployment' ? `${metadata.name}-${hash}` : metadata.name;
  const { metadata: own, spec: podSpec } = spec.template;
  const labels = { ...own?.labels, ...hashed };
  const pod = podOf(
    `${name}-${kind === 'StatefulSet' ? '0' : 'x7k2p'}`,
    { ...own, namespace: metadata.namespace, labels },
    podSpec,
    plane,
    ownerOf(kind === 'Deployment' ? 'ReplicaSet' : kind, name),
  );
  if (kind !== 'Deployment') return [pod];
  const selector = { matchLabels: { ...spec.selector.matchLabels, ...hashed } };
  const replicaSet: Served = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels,
      annotations: { 'deployment.kubernetes.io/desired-replicas': '1', 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [ownerOf(kind, metadata.name)],
    },
    spec: { replicas: 1, selector, template: { ...spec.template, metadata: { ...own, labels } } },
  };
  return [replicaSet, pod];
}

function hashOf(name: string): string {
  const sum = [...name].reduce((value, letter) => (value * 31 + letter.charCodeAt(0)) % 2 ** 31, 7);
  return sum.toString(36).padStart(8, '5').slice(0, 10);
}

export function ownerOf(kind: string, name: string) {
  const apiVersion = kind === 'Service' ? 'v1' : kind === 'Gateway' ? 'gateway.networking.k8s.io/v1' : 'apps/v1';
  return {
    apiVersion,
    blockOwnerDeletion: true,
    controller: true,
    kind,
    name,
    uid: '9f0a5c4e-0000-4000-8000-000000000000',
  };
}

export function podOf(
  name: string,
  { namespace, labels, annotations }: Served['metadata'],
  spec: Served['spec'],
  plane: Plane,
  owner: object,
): Served {
  const account = spec.serviceAccountName ?? 'default';
  const mounted = {
    name: 'kube-api-access-x',
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  };
  const containers = spec.containers.map((container: Served['spec']) => ({ ...container, volumeMounts: [mounted] }));
  const injected = plane === 'sidecar';
  const app = labels?.app ?? name;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      generateName: `${name.slice(0, -5)}`,
      labels: {
        ...labels,
        ...(injected && {
          'security.istio.io/tlsMode': 'istio',
          'service.istio.io/canonical-name': app,
          'service.istio.io/canonical-revision': 'latest',
        }),
      },
      annotations: {
        ...annotations,
        ...(plane === 'ambient' && { 'ambient.istio.io/redirection': 'enabled' }),
        ...(injected && {
          'istio.io/rev': 'default',
          'kubectl.kubernetes.io/default-container': containers[0]?.name,
          'prometheus.io/path': '/stats/prometheus',
          'prometheus.io/port': '15020',
          'prometheus.io/scrape': 'true',
          'sidecar.istio.io/status':
            '{"initContainers":["istio-init","istio-proxy"],"containers":null,"volumes":["workload-socket","istio-envoy"],"imagePullSecrets":null,"revision":"default"}',
        }),
      },
      ownerReferences: [owner],
    },
    spec: {
      ...spec,
      serviceAccountName: account,
      serviceAccount: account,
      nodeName: 'worker-1',
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
      ],
      containers,
      ...(injected && { initContainers: [...(spec.initContainers ?? []), ...sidecar] }),
      volumes: [
        ...(spec.volumes ?? []),
        { name: 'kube-api-access-x', projected: { defaultMode: 420, sources: [] } },
        ...(injected
          ? [
              { emptyDir: {}, name: 'workload-socket' },
              { emptyDir: { medium: 'Memory' }, name: 'istio-envoy' },
            ]
          : []),
      ],
    },
    status: {
      phase: 'Running',
      podIP: '10.244.1.7',
      podIPs: [{ ip: '10.244.1.7' }],
      hostIP: '172.18.0.3',
      conditions: [{ type: 'Ready', status: 'True' }],
      qosClass: 'BestEffort',
    },
  };
}

/** A native sidecar, as Istio injects it from 1.27 on. */
const sidecar = [
  {
    name: 'istio-init',
    image: 'docker.io/istio/proxyv2:1.29.0',
    args: [
      'istio-iptables',
      '-p',
      '15001',
      '-z',
      '15006',
      '-u',
      '1337',
      '-m',
      'REDIRECT',
      '-i',
      '*',
      '-x',
      '',
      '-b',
      '*',
      '-d',
      '15090,15021,15020',
    ],
  },
  {
    name: 'istio-proxy',
    image: 'docker.io/istio/proxyv2:1.29.0',
    restartPolicy: 'Always',
    args: ['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc.cluster.local', '--proxyLogLevel=warning'],
    ports: [{ containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' }],
    env: [
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
      { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
      { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
      { name: 'TRUST_DOMAIN', value: 'cluster.local' },
    ],
    readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' } },
  },
];

/** What istiod deploys for a waypoint or a gateway that names a class of its own. */
export function deployedFor(gateway: Served): readonly Served[] {
  const { name, namespace = 'default' } = gateway.metadata;
  const { gatewayClassName, listeners = [] } = gateway.spec;
  if (!['istio', 'istio-waypoint'].includes(gatewayClassName) || gateway.spec.addresses !== undefined) return [];
  const isWaypoint = gatewayClassName === 'istio-waypoint';
  const own = isWaypoint ? name : `${name}-istio`;
  const labels = {
    'gateway.istio.io/managed': isWaypoint ? 'istio.io-mesh-controller' : 'istio.io-gateway-controller',
    'gateway.networking.k8s.io/gateway-class-name': gatewayClassName,
    'gateway.networking.k8s.io/gateway-name': name,
  };
  const metadata = { name: own, namespace, labels, ownerReferences: [ownerOf('Gateway', name)] };
  const selector = { 'gateway.networking.k8s.io/gateway-name': name };
  const deployment: Served = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, annotations: {} },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: {
            ...labels,
            'sidecar.istio.io/inject': 'false',
            'istio.io/dataplane-mode': 'none',
            'service.istio.io/canonical-name': own,
          },
          annotations: { 'istio.io/rev': 'default', 'prometheus.io/port': '15020' },
        },
        spec: {
          serviceAccountName: own,
          containers: [
            {
              name: 'istio-proxy',
              image: 'docker.io/istio/proxyv2:1.29.0',
              args: ['proxy', isWaypoint ? 'waypoint' : 'router', '--domain', `$(POD_NAMESPACE).svc.cluster.local`],
              ports: [{ containerPort: 15090, name: 'http-envoy-prom' }],
            },
          ],
        },
      },
    },
  };
  const ports = isWaypoint
    ? [
        { name: 'status-port', port: 15021, appProtocol: 'tcp' },
        { name: 'mesh', port: 15008, appProtocol: 'hbone' },
      ]
    : [
        { name: 'status-port', port: 15021, appProtocol: 'tcp' },
        ...listeners.map((each: Served['spec']) => ({
          name: each.name,
          port: each.port,
          appProtocol: String(each.protocol).toLowerCase(),
        })),
      ];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, annotations: { 'networking.istio.io/traffic-distribution': 'PreferClose' } },
      spec: { type: isWaypoint ? 'ClusterIP' : 'LoadBalancer', selector, ports },
    },
    deployment,
    ...runningOf(deployment, 'none'),
  ];
}
