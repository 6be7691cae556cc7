import { stringify } from 'yaml';
import { deployedFor, ownerOf, type Plane, runningOf } from './running.js';
import { type Served, served } from './served.js';
import { type Installed, installed } from './system.js';

const deploying = ['Deployment', 'StatefulSet', 'DaemonSet'];

export interface RunningCluster {
  /** What was applied to it. */
  readonly applied: readonly Served[];
  readonly istio: Installed;
  /** By `namespace/name` of a Deployment, StatefulSet or DaemonSet. */
  planeOf(workload: string): Plane;
}

/**
 * All that `kubectl get` finds in a cluster to which objects were applied: what the API server adds to them, what controllers
 * and Istio make of them, and Kubernetes and Istio themselves.
 */
export function objectsIn({ applied, istio, planeOf }: RunningCluster): readonly Served[] {
  const there = new Set(applied.map(keyOf));
  const isNew = (each: Served) => !there.has(keyOf(each));
  const own = applied.map((each) => (each.kind === 'Namespace' ? each : inNamespace(each)));
  const made = own.flatMap((each): readonly Served[] => {
    const { kind, apiVersion, metadata } = each;
    if (deploying.includes(kind)) return runningOf(each, planeOf(`${metadata.namespace}/${metadata.name}`));
    if (kind === 'Gateway' && apiVersion.startsWith('gateway.networking.k8s.io')) return deployedFor(each);
    return [];
  });
  const namespaces = [...new Set([...own, ...made].flatMap(({ metadata }) => metadata.namespace ?? []))];
  const system = installed(namespaces, istio).filter(isNew);
  const all = [...own, ...made.filter(isNew), ...system];
  return [...all, ...all.flatMap(endpointsOf)].map(served);
}

function inNamespace(object: Served): Served {
  return { ...object, metadata: { namespace: 'default', ...object.metadata } };
}

function keyOf({ kind, metadata }: Served): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function endpointsOf({ kind, metadata, spec }: Served): readonly Served[] {
  if (kind !== 'Service' || spec.selector === undefined) return [];
  return [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.244.1.7'],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'worker-1',
        },
      ],
      metadata: {
        name: `${metadata.name}-k9x2c`,
        generateName: `${metadata.name}-`,
        namespace: metadata.namespace,
        labels: {
          ...metadata.labels,
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': metadata.name,
        },
        ownerReferences: [ownerOf('Service', metadata.name)],
      },
      ports: (spec.ports ?? []).map((each: Served['spec']) => ({
        name: each.name ?? '',
        port: typeof each.targetPort === 'number' ? each.targetPort : each.port,
        protocol: each.protocol ?? 'TCP',
      })),
    },
  ];
}

/** As `kubectl get … -o yaml` prints several objects. */
export function printed(objects: readonly Served[]): string {
  return stringify(
    { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
