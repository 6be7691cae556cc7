import { keyOf, type Labels, type Service, type ServicePort } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import { deployedService } from '../../paths/gateway/deployed-service.js';
import { hostsNamed, type OutsideHost } from '../../paths/host-names.js';
import type { Obeying } from '../obeyed-rules.js';
import type { RedirectTarget, WeightedDestination } from '../route.js';
import { versionOf } from '../versions.js';
import { withoutLabelsOfNodes } from './labels-of-nodes.js';

interface PortOfService {
  readonly service: Service;
  readonly port: ServicePort;
}

/** What a destination of a rule is to a proxy. */
export type Target =
  | {
      readonly kind: 'pods';
      readonly service: Service;
      readonly port: ServicePort;
      /** The keys of the workloads of the version, sorted. */
      readonly workloads: readonly string[];
    }
  | { readonly kind: 'external'; readonly named: OutsideHost }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly because: string;
      readonly body?: string;
      readonly redirect?: RedirectTarget;
      /** The Service that it stands for: there are no pods to which load balancing could send. */
      readonly podless?: PortOfService;
      /** The Service that it stands for: it has pods, and the proxy that answers is told of none. */
      readonly hidden?: Service;
    }
  | { readonly kind: 'not-modelled'; readonly because: string };

export type Destination = Pick<WeightedDestination, 'host' | 'subset' | 'port' | 'statusIfMissing' | 'fault'>;

/** The pods to which a proxy of a namespace sends what a rule forwards; `sentTo` is the port that was addressed. */
export function targetOf(mesh: MeshCluster, proxy: Obeying, destination: Destination, sentTo: number): Target {
  const { host, fault, statusIfMissing: status } = destination;
  const missing = (because: string): Target => ({ kind: 'answer', status, because });
  if (fault !== undefined) return missing(fault);
  const all = hostsNamed(mesh, host);
  if (all.length === 0)
    return deployedTarget(mesh, destination, sentTo) ?? missing(`nothing in the mesh is called \`${host}\` (T-91)`);
  const number = destination.port ?? (all.length === 1 ? all[0]?.port.number : sentTo);
  const named = all.find(({ port }) => port.number === number);
  if (named === undefined) return missing(`\`${host}\` has no port ${number} (T-91)`);
  if (named.service === undefined) return { kind: 'external', named };
  const { service, port } = named;
  if (service.type === 'ExternalName') return notModelled('a route to a Service of type ExternalName');
  return podsOf(mesh, proxy, { service, port }, destination.subset);
}

/** The pods that istiod makes for a Gateway: no manifest has them, nor the Service in front. */
function deployedTarget(
  mesh: MeshCluster,
  { host, port: wanted, subset, statusIfMissing: status }: Destination,
  sentTo: number,
): Target | undefined {
  const service = deployedService(mesh, host);
  if (service === undefined) return undefined;
  const [first, ...others] = service.ports;
  const number = wanted ?? (others.length === 0 ? first?.number : sentTo);
  const port = service.ports.find((each) => each.number === number);
  if (port === undefined) return { kind: 'answer', status, because: `\`${host}\` has no port ${number} (T-91)` };
  if (subset !== undefined) return notModelled('a version of the pods that istiod makes for a Gateway');
  return { kind: 'pods', service, port, workloads: [] };
}

function notModelled(because: string): Target {
  return { kind: 'not-modelled', because };
}

/** A sidecar knows of other Services only the port that was addressed: a rule that names none means that one (T-91). */
export function asAtSidecar<T extends Pick<Destination, 'port'>>(destination: T, addressed: number): T {
  return { ...destination, port: destination.port ?? addressed };
}

/** A version that no rule names has no cluster (503 NC), and one without pods no endpoint (503 UH): T-91. */
function podsOf(
  mesh: MeshCluster,
  proxy: Obeying,
  { service, port }: PortOfService,
  subset: string | undefined,
): Target {
  if (subset === undefined) return withPods(service, port, service.workloads);
  const version = versionOf(mesh, proxy, service, subset);
  if (!version.known) return notModelled(version.why);
  const labels = version.value;
  if (labels === undefined) {
    const because = `no DestinationRule that the proxy obeys has a subset \`${subset}\` of \`${service.host}\` (T-07)`;
    return { kind: 'answer', status: 503, because };
  }
  const having = (wanted: Labels) => service.workloads.filter((key) => hasLabels(mesh, key, wanted));
  const workloads = having(labels);
  if (having(withoutLabelsOfNodes(labels)).length > workloads.length) {
    return notModelled(`on which nodes pods run, by which subset \`${subset}\` of \`${service.host}\` chooses`);
  }
  if (workloads.length > 0) return { kind: 'pods', service, port, workloads };
  const because = `no pod of \`${keyOf(service)}\` has the labels of subset \`${subset}\` (T-91)`;
  return { kind: 'answer', status: 503, because, podless: { service, port } };
}

function hasLabels({ cluster }: MeshCluster, workload: string, wanted: Labels): boolean {
  const pods = cluster.workloads.get(workload)?.labels ?? {};
  return Object.entries(wanted).every(([name, value]) => pods[name] === value);
}

function withPods(service: Service, port: ServicePort, workloads: readonly string[]): Target {
  if (workloads.length > 0) return { kind: 'pods', service, port, workloads };
  const because = `no pod stands behind \`${keyOf(service)}\` (T-91)`;
  return { kind: 'answer', status: 503, because, podless: { service, port } };
}
