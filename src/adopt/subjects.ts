import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { attaches, type Point } from '../mesh/policies/attach.js';
import type { AuthorizationPolicy, RequestAuthentication } from '../mesh/policies/policy.js';
import { type Gateway, keyOf, type Service, type Workload } from '../topology/model.js';
import { groupBy, sortBy } from '../util/order.js';

/** Who may have policies of its own: a workload of the mesh, or a gateway, in every cluster that has it. */
export interface Subject {
  readonly kind: 'workload' | 'gateway';
  readonly namespace: string;
  /** `namespace/name` */
  readonly key: string;
  readonly instances: readonly Instance[];
}

interface Instance {
  readonly mesh: MeshCluster;
  readonly object: Workload | Gateway;
  /** The Services in front of it. */
  readonly services: readonly Service[];
  /** Where policies for it are enforced. */
  readonly points: readonly Point[];
}

export function subjectsOf({ clusters }: Mesh): readonly Subject[] {
  const found = [...clusters.values()].flatMap((mesh) => [...workloadsOf(mesh), ...gatewaysOf(mesh)]);
  const grouped = groupBy(found, ({ kind, instance }) => `${kind} ${keyOf(instance.object)}`);
  const subjects = [...grouped.values()].flatMap((group): Subject[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { object } = first.instance;
    const instances = group.map(({ instance }) => instance);
    return [{ kind: first.kind, namespace: object.namespace, key: keyOf(object), instances }];
  });
  return sortBy(
    subjects,
    ({ key }) => key,
    ({ kind }) => kind,
  );
}

interface Found {
  readonly kind: Subject['kind'];
  readonly instance: Instance;
}

function workloadsOf(mesh: MeshCluster): readonly Found[] {
  const { cluster } = mesh;
  return [...cluster.workloads.values()].flatMap((workload): Found[] => {
    const { plane } = workload.mode;
    if (plane !== 'sidecar' && plane !== 'ambient') return [];
    const services = workload.services.flatMap((key) => cluster.services.get(key) ?? []);
    const waypoints = services.flatMap((service): Point[] => {
      const waypoint = service.binding.kind === 'bound' ? cluster.waypoints.get(service.binding.waypoint) : undefined;
      return waypoint === undefined ? [] : [{ kind: 'waypoint', waypoint, service }];
    });
    const own: Point = { kind: plane === 'sidecar' ? 'sidecar' : 'ztunnel', workload };
    return [{ kind: 'workload', instance: { mesh, object: workload, services, points: [own, ...waypoints] } }];
  });
}

function gatewaysOf(mesh: MeshCluster): readonly Found[] {
  return [...mesh.cluster.gateways.values()].map((gateway) => ({
    kind: 'gateway',
    instance: { mesh, object: gateway, services: [], points: [{ kind: 'gateway', gateway }] },
  }));
}

/** Whether a policy, as every cluster has it, is for the subject. */
export function isFor(policy: AuthorizationPolicy | RequestAuthentication, { instances }: Subject): boolean {
  return instances.some(({ mesh, points }) => points.some((point) => attaches(policy, point, mesh)));
}

/** As changes name the place where a request is decided. */
export function idOf({ kind, key }: Subject): string {
  return `${kind} ${key}`;
}

/** Whether a policy names a Service in front of the subject, whether or not a waypoint serves that. */
export function isForServiceOf({ namespace, scope }: AuthorizationPolicy, { instances }: Subject): boolean {
  if (scope.kind !== 'targets') return false;
  const names = scope.targets.filter(({ kind }) => kind === 'Service').map(({ name }) => `${namespace}/${name}`);
  return instances.some(({ services }) => services.some((service) => names.includes(keyOf(service))));
}
