import type { Callers } from '../algebra/callers.js';
import { type Lane, type LanePlan, planLane } from '../algebra/lane.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { layerAtPod } from '../mesh/paths/inbound-layer.js';
import {
  keyOf,
  type PortLayer,
  type Service,
  type ServicePort,
  targetPortOf,
  type Workload,
} from '../topology/model.js';
import { sortBy } from '../util/order.js';
import { hangsOnUnknownRevision } from './topology/revisions.js';

/** One port of a workload or a gateway as it can be addressed, with what stands in every caller's way. */
export interface Site {
  readonly at: MeshCluster;
  /** What is addressed, in words. */
  readonly addressed: string;
  readonly podPort: number;
  /** The Service port that leads there: the one addressed, or one that also does where the pod is addressed itself. */
  readonly behind: Served | undefined;
  readonly plan: LanePlan;
}

export interface PodSite extends Site {
  readonly workload: Workload;
}

export interface Served {
  readonly service: Service;
  readonly port: ServicePort;
}

/**
 * Every way in that the manifests speak of: each Service's ports first, then each pod's own. Pods of which nobody can say
 * what stands at them are left out, and so are those of other namespaces than the ones asked about.
 */
export function podSitesOf(mesh: Mesh, callers: Callers, isAsked: IsAsked = everywhere): readonly PodSite[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const ports = [...at.cluster.workloads.values()]
      .filter(({ namespace, mode }) => ['sidecar', 'ambient', 'none'].includes(mode.plane) && isAsked(namespace))
      .filter((workload) => !hangsOnUnknownRevision(workload, at.cluster))
      .flatMap((workload) => openPortsOf(workload, at));
    const lanes = [...ports.flatMap(serviceLane), ...ports.filter(isFirst).map(podLane)];
    return lanes.map(({ open, lane }) => {
      const addressed = `the pods of \`${keyOf(open.workload)}\``;
      return { ...open, at, addressed, plan: planLane(mesh, callers, lane) };
    });
  });
}

/** Whether anything is asked of the pods of a namespace. */
export type IsAsked = (namespace: string) => boolean;

const everywhere: IsAsked = () => true;

interface OpenPort extends Pick<PodSite, 'at' | 'workload' | 'podPort' | 'behind'> {
  readonly payload: Lane['payload'];
}

/** A pod's ports: those that Services lead to, each time they do, then the others that its containers declare. */
function openPortsOf(workload: Workload, at: MeshCluster): readonly OpenPort[] {
  const served = workload.services.flatMap((key) => {
    const service = at.cluster.services.get(key);
    return service === undefined || service.type === 'ExternalName' ? [] : portsBehind(service, workload, at);
  });
  const declared = workload.ports
    .filter(({ transport, number }) => transport === 'TCP' && !served.some(({ podPort }) => podPort === number))
    .map(({ number }): OpenPort => ({ at, workload, podPort: number, behind: undefined, payload: 'http' }));
  return [...served, ...sortBy(declared, ({ podPort }) => podPort)];
}

function portsBehind(service: Service, workload: Workload, at: MeshCluster): readonly OpenPort[] {
  return service.ports.flatMap((port) => {
    const podPort = targetPortOf(port, workload);
    if (port.transport !== 'TCP' || podPort === undefined) return [];
    return [{ at, workload, podPort, behind: { service, port }, payload: payloadOf(layerOf(port, workload, at)) }];
  });
}

/** What is read at the pods: a Sidecar may say otherwise than the Service. */
function layerOf(port: ServicePort, workload: Workload, at: MeshCluster): PortLayer {
  const podPort = targetPortOf(port, workload);
  if (workload.mode.plane !== 'sidecar' || podPort === undefined) return port.layer;
  const read = layerAtPod({ kind: 'endpoint', mesh: at, workload, podPort, service: undefined });
  return typeof read === 'string' ? read : port.layer;
}

/** Where detection decides, requests are what a policy is about. */
function payloadOf(layer: PortLayer): Lane['payload'] {
  return layer === 'tcp' ? 'tcp' : 'http';
}

function isFirst({ workload, podPort }: OpenPort, index: number, ports: readonly OpenPort[]): boolean {
  return ports.findIndex((other) => other.workload === workload && other.podPort === podPort) === index;
}

interface PortLane {
  readonly open: OpenPort;
  readonly lane: Lane;
}

function serviceLane(open: OpenPort): readonly PortLane[] {
  if (open.behind === undefined) return [];
  const { service, port } = open.behind;
  const destination = {
    kind: 'service',
    cluster: service.cluster,
    service: keyOf(service),
    port: port.number,
    workload: keyOf(open.workload),
  } as const;
  return [{ open, lane: { destination, payload: open.payload } }];
}

function podLane(open: OpenPort): PortLane {
  const { workload, podPort, payload } = open;
  const destination = { kind: 'pod', cluster: workload.cluster, workload: keyOf(workload), port: podPort } as const;
  return { open, lane: { destination, payload } };
}
