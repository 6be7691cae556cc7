import { type Cluster, keyOf, type Service, type Workload } from './model.js';
import { allSpeakMutualTls } from './tls-mode.js';

/** Who may call a Service, told apart by how they leave their own pod. */
export const callerPlanes = ['ambient', 'sidecar', 'gateway', 'outside'] as const;
export type CallerPlane = (typeof callerPlanes)[number];

/** By its name or virtual IP, or straight by the address of one of its pods. */
const addressings = ['service', 'pod-ip'] as const;
export type Addressing = (typeof addressings)[number];

export type Arrival = 'waypoint' | 'direct with identity' | 'direct plaintext' | 'no path';

/** What waits at the far end: HBONE carries identity from everyone, Istio mTLS from Envoy proxies alone. */
export type Receiver = 'hbone' | 'mtls' | 'plaintext';

/** How callers of one plane arrive at the pods of a Service that receive in one way. */
export interface CallerPath {
  readonly caller: CallerPlane;
  readonly addressing: Addressing;
  readonly receiver: Receiver;
  /** Keys of the workloads behind the Service that receive in this way; none for a Service without pods. */
  readonly workloads: readonly string[];
  readonly arrival: Arrival;
  /** The law that decides it. */
  readonly fact: string;
}

/** Everything about a destination that decides how callers arrive at it. */
interface PathEnd {
  readonly receiver: Receiver;
  /** Whether the name stands for something that Istio routes to at all. */
  readonly routable: boolean;
  readonly hasVip: boolean;
  /** Whether proxies speak mutual TLS where no DestinationRule tells them to. */
  readonly autoMtls: boolean;
  /** Whether all pods behind the Service speak the mutual TLS of sidecars. */
  readonly allSpeakMutualTls: boolean;
  readonly serviceWaypoint: boolean;
  readonly podWaypoint: boolean;
  /** Whether ingress gateways were told to use the waypoint of the Service, and may. */
  readonly ingressOptIn: boolean;
}

interface Row {
  readonly caller?: CallerPlane;
  readonly addressing?: Addressing;
  readonly destination: Partial<PathEnd>;
  readonly arrival: Arrival;
  readonly fact: string;
}

/**
 * istio-security §4.5 and istio-traffic-topology §4.2, the first row that fits decides. A Service without a virtual
 * IP is reached at its pods' addresses, so for ambient callers its name is as good as a pod IP (W-15).
 */
const rows: readonly Row[] = [
  { destination: { routable: false }, arrival: 'no path', fact: 'W-18' },

  {
    caller: 'ambient',
    addressing: 'service',
    destination: { serviceWaypoint: true },
    arrival: 'waypoint',
    fact: 'W-13',
  },
  {
    caller: 'ambient',
    addressing: 'service',
    destination: { hasVip: false, podWaypoint: true },
    arrival: 'waypoint',
    fact: 'W-15',
  },
  { caller: 'ambient', addressing: 'pod-ip', destination: { podWaypoint: true }, arrival: 'waypoint', fact: 'W-13' },
  { caller: 'ambient', destination: { receiver: 'hbone' }, arrival: 'direct with identity', fact: 'E-08' },
  { caller: 'ambient', destination: { receiver: 'mtls' }, arrival: 'direct plaintext', fact: 'I-03' },
  { caller: 'ambient', destination: {}, arrival: 'direct plaintext', fact: 'istio-security §5.5' },

  // Envoy knows the pods of a Service, but passes a bare address through as it came (istio#37431).
  { caller: 'sidecar', addressing: 'pod-ip', destination: {}, arrival: 'direct plaintext', fact: 'istio#37431' },
  // To the pods of a Service without a virtual IP it speaks alike, and opens no tunnel.
  {
    caller: 'sidecar',
    addressing: 'service',
    destination: { hasVip: false, allSpeakMutualTls: false },
    arrival: 'direct plaintext',
    fact: 'istio#54921',
  },
  {
    caller: 'sidecar',
    destination: { hasVip: false, autoMtls: false },
    arrival: 'direct plaintext',
    fact: 'istio-security §5.6',
  },
  {
    caller: 'sidecar',
    destination: { receiver: 'mtls', autoMtls: false },
    arrival: 'direct plaintext',
    fact: 'istio-security §5.6',
  },
  { caller: 'sidecar', destination: { receiver: 'plaintext' }, arrival: 'direct plaintext', fact: 'I-02' },
  { caller: 'sidecar', destination: {}, arrival: 'direct with identity', fact: 'I-02' },

  { caller: 'gateway', addressing: 'pod-ip', destination: {}, arrival: 'no path', fact: 'W-63' },
  {
    caller: 'gateway',
    destination: { serviceWaypoint: true, ingressOptIn: true },
    arrival: 'waypoint',
    fact: 'W-60',
  },
  {
    caller: 'gateway',
    destination: { receiver: 'mtls', autoMtls: false },
    arrival: 'direct plaintext',
    fact: 'istio-security §5.6',
  },
  { caller: 'gateway', destination: { receiver: 'plaintext' }, arrival: 'direct plaintext', fact: 'I-02' },
  { caller: 'gateway', destination: {}, arrival: 'direct with identity', fact: 'W-60' },

  { caller: 'outside', destination: {}, arrival: 'direct plaintext', fact: 'I-06' },
];

/** By which path each kind of caller of a cluster arrives at a Service, for each way in which its pods receive. */
export function pathsTo(cluster: Cluster, service: Service): readonly CallerPath[] {
  const behind = service.workloads.flatMap((key) => cluster.workloads.get(key) ?? []);
  return groupsOf(behind).flatMap(({ receiver, podWaypoint, workloads }) => {
    const destination = destinationOf(service, cluster, receiver, podWaypoint);
    return callerPlanes.flatMap((caller) =>
      addressings.map((addressing) => {
        const { arrival, fact } = lookUp(caller, addressing, destination);
        return { caller, addressing, receiver, workloads, arrival, fact };
      }),
    );
  });
}

interface ReceiverGroup {
  readonly receiver: Receiver;
  readonly podWaypoint: boolean;
  readonly workloads: readonly string[];
}

/** Pods that receive alike and are bound alike share their paths. A Service without pods leads out of the mesh. */
function groupsOf(workloads: readonly Workload[]): readonly ReceiverGroup[] {
  const groups = new Map<string, { receiver: Receiver; podWaypoint: boolean; workloads: string[] }>();
  for (const workload of workloads) {
    const receiver = receiverOf(workload);
    const podWaypoint = workload.binding.kind === 'bound';
    const id = `${receiver} ${podWaypoint}`;
    const group = groups.get(id) ?? { receiver, podWaypoint, workloads: [] };
    group.workloads.push(keyOf(workload));
    groups.set(id, group);
  }
  return groups.size === 0 ? [{ receiver: 'plaintext', podWaypoint: false, workloads: [] }] : [...groups.values()];
}

/** How the proxy of a pod receives. */
export function receiverOf({ mode }: Workload): Receiver {
  if (mode.hbone) return 'hbone';
  return mode.plane === 'sidecar' ? 'mtls' : 'plaintext';
}

/** How one kind of caller arrives at a destination as it is, or as it is going to be. */
export function arrivalAt(caller: CallerPlane, addressing: Addressing, end: PathEnd): Arrival {
  return lookUp(caller, addressing, end).arrival;
}

/** Whether istiod honours the label that sends gateways through waypoints: so it does, unless its flag is off (W-62). */
export function honoursIngressLabel({ settings }: Pick<Cluster, 'settings'>): boolean {
  return settings.istio.flags.ENABLE_INGRESS_WAYPOINT_ROUTING !== false;
}

function destinationOf(service: Service, cluster: Cluster, receiver: Receiver, podWaypoint: boolean): PathEnd {
  return {
    receiver,
    routable: service.type !== 'ExternalName',
    hasVip: service.hasVip,
    autoMtls: cluster.settings.istio.enableAutoMtls,
    allSpeakMutualTls: allSpeakMutualTls(cluster, service),
    serviceWaypoint: service.binding.kind === 'bound',
    podWaypoint,
    ingressOptIn: service.ingressUsesWaypoint && honoursIngressLabel(cluster),
  };
}

const nowhere = { arrival: 'no path', fact: 'istio-security §4.5' } as const;

function lookUp(caller: CallerPlane, addressing: Addressing, destination: PathEnd): Pick<Row, 'arrival' | 'fact'> {
  return rows.find((row) => fits(row, caller, addressing, destination)) ?? nowhere;
}

function fits(row: Row, caller: CallerPlane, addressing: Addressing, destination: PathEnd): boolean {
  return (
    (row.caller ?? caller) === caller &&
    (row.addressing ?? addressing) === addressing &&
    destinationKeys.every((key) => (row.destination[key] ?? destination[key]) === destination[key])
  );
}

const destinationKeys = [
  'receiver',
  'routable',
  'hasVip',
  'autoMtls',
  'allSpeakMutualTls',
  'serviceWaypoint',
  'podWaypoint',
  'ingressOptIn',
] as const satisfies readonly (keyof PathEnd)[];
