/** An object as `kubectl get -o yaml` prints it. */
export interface Served {
  readonly apiVersion: string;
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: objects of every kind are dressed, whatever their fields.
  readonly [field: string]: any;
}

/** What an API server adds to whatever it is given: identity, history, defaults and status. */
export function served(object: Served, index: number): Served {
  const { metadata, ...rest } = object;
  const isOfCluster = object.kind === 'Namespace';
  const namespace = isOfCluster ? {} : { namespace: metadata.namespace ?? 'default' };
  const given = { ...metadata, ...namespace };
  const isOwned = metadata.ownerReferences !== undefined;
  const lastApplied = `${JSON.stringify({ ...rest, metadata: { annotations: {}, ...given } })}\n`;
  return {
    ...defaulted({ ...rest, metadata: given } as Served),
    metadata: {
      ...given,
      ...(!isOwned && {
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied, ...metadata.annotations },
      }),
      ...(isOfCluster && { labels: { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels } }),
      creationTimestamp: given.creationTimestamp ?? '2026-03-01T08:00:00Z',
      ...(hasGenerations.has(object.kind) && { generation: 2 }),
      managedFields: [
        {
          apiVersion: object.apiVersion,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } },
          manager: isOwned ? 'kube-controller-manager' : 'kubectl-client-side-apply',
          operation: 'Update',
          time: '2026-03-01T08:00:00Z',
        },
      ],
      resourceVersion: String(4000 + index),
      uid: `1b9d6bcd-bbfd-4b2d-9b5d-${String(index).padStart(12, '0')}`,
    },
    ...(object.status === undefined && statusOf(object)),
  };
}

const hasGenerations: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Gateway',
  'HTTPRoute',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'VirtualService',
  'DestinationRule',
]);

function defaulted(object: Served): Served {
  const { spec } = object;
  switch (object.kind) {
    case 'Namespace':
      return { ...object, spec: { finalizers: ['kubernetes'] } };
    case 'Service':
      return { ...object, spec: serviceSpec(spec, object.metadata.name) };
    case 'Deployment':
      return {
        ...object,
        metadata: {
          ...object.metadata,
          annotations: { 'deployment.kubernetes.io/revision': '1', ...object.metadata.annotations },
        },
        spec: {
          progressDeadlineSeconds: 600,
          replicas: 1,
          revisionHistoryLimit: 10,
          strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
          ...spec,
          template: templateOf(spec.template),
        },
      };
    case 'DaemonSet':
    case 'StatefulSet':
    case 'ReplicaSet':
      return { ...object, spec: { revisionHistoryLimit: 10, ...spec, template: templateOf(spec.template) } };
    case 'Gateway':
      return object.apiVersion.startsWith('gateway.networking.k8s.io')
        ? { ...object, spec: gatewaySpec(spec) }
        : object;
    case 'HTTPRoute':
      return { ...object, spec: routeSpec(spec) };
    default:
      return object;
  }
}

function serviceSpec(spec: Served['spec'], name: string) {
  const isHeadless = spec.clusterIP === 'None';
  const isExternalName = spec.type === 'ExternalName';
  const address = isHeadless ? 'None' : `10.96.${name.length}.${name.charCodeAt(0)}`;
  if (isExternalName) return { sessionAffinity: 'None', ...spec };
  return {
    clusterIP: address,
    clusterIPs: [address],
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    type: 'ClusterIP',
    ...spec,
    ports: (spec.ports ?? []).map((port: Served['spec']) => ({ protocol: 'TCP', targetPort: port.port, ...port })),
  };
}

/** A pod template as the API server keeps it. */
export function templateOf(template: Served['spec']) {
  return { ...template, metadata: { creationTimestamp: null, ...template?.metadata }, spec: podSpec(template?.spec) };
}

function podSpec(spec: Served['spec']) {
  return {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...(spec?.serviceAccountName !== undefined && { serviceAccount: spec.serviceAccountName }),
    ...spec,
    containers: (spec?.containers ?? []).map((container: Served['spec']) => ({
      imagePullPolicy: 'IfNotPresent',
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      ...container,
      ...(container.ports && {
        ports: container.ports.map((port: Served['spec']) => ({ protocol: 'TCP', ...port })),
      }),
    })),
  };
}

function gatewaySpec(spec: Served['spec']) {
  return {
    ...spec,
    listeners: (spec.listeners ?? []).map((listener: Served['spec']) => ({
      allowedRoutes: { namespaces: { from: 'Same' } },
      ...listener,
    })),
  };
}

function routeSpec(spec: Served['spec']) {
  return {
    ...spec,
    parentRefs: (spec.parentRefs ?? []).map((parent: Served['spec']) => ({
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      ...parent,
    })),
    rules: (spec.rules ?? []).map((rule: Served['spec']) => ({
      matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      ...rule,
      ...(rule.backendRefs && {
        backendRefs: rule.backendRefs.map((backend: Served['spec']) => ({
          group: '',
          kind: 'Service',
          weight: 1,
          ...backend,
        })),
      }),
    })),
  };
}

function statusOf({ kind, apiVersion, metadata, spec }: Served) {
  switch (kind) {
    case 'Namespace':
      return { status: { phase: 'Active' } };
    case 'Service':
      return { status: { loadBalancer: {} } };
    case 'Deployment':
    case 'ReplicaSet':
      return { status: { availableReplicas: 1, observedGeneration: 2, readyReplicas: 1, replicas: 1 } };
    case 'Gateway':
      return apiVersion.startsWith('gateway.networking.k8s.io') ? { status: gatewayStatus(metadata, spec) } : {};
    case 'HTTPRoute':
      return {
        status: {
          parents: (spec.parentRefs ?? []).map((parentRef: unknown) => ({
            conditions: [condition('Accepted'), condition('ResolvedRefs')],
            controllerName: 'istio.io/gateway-controller',
            parentRef,
          })),
        },
      };
    default:
      return {};
  }
}

function gatewayStatus({ name, namespace = 'default' }: Served['metadata'], spec: Served['spec']) {
  const host = `${name}${spec.gatewayClassName === 'istio' ? '-istio' : ''}.${namespace}.svc.cluster.local`;
  return {
    addresses: [{ type: 'Hostname', value: host }],
    conditions: [condition('Accepted'), condition('Programmed')],
    listeners: (spec.listeners ?? []).map((listener: Served['spec']) => ({
      attachedRoutes: 1,
      conditions: [condition('Accepted'), condition('Programmed'), condition('ResolvedRefs')],
      name: listener.name,
      supportedKinds: [],
    })),
  };
}

function condition(type: string) {
  return {
    lastTransitionTime: '2026-03-01T08:00:10Z',
    message: '',
    observedGeneration: 2,
    reason: type,
    status: 'True',
    type,
  };
}
