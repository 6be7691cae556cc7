import type { Decision } from '../../../src/mesh/decide/decision.js';
import type { Payload, Source } from '../../../src/mesh/request.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { type Cluster, keyOf, type ServicePort, type Workload } from '../../../src/topology/model.js';

/** A request as the language speaks of it: who sends what to which port of whose pods. */
export interface Asked {
  readonly workload: Workload;
  readonly podPort: number;
  /** The Service that it is addressed to, if it is not addressed to the pods. */
  readonly service: AskedService | undefined;
  /** Whether a Service with a virtual IP leads to the same port. */
  readonly hasService: boolean;
  readonly sender: Sender;
  readonly payload: Payload;
  /** Whether anybody on the way sees the caller's certificate. */
  readonly isSeen: boolean;
  /** Whether a waypoint is on the way. */
  readonly isGuided: boolean;
  /** Whether the pods see a certificate. */
  readonly isEncrypted: boolean;
  /** Whether that is the mutual TLS of sidecars, and no HBONE. */
  readonly isByMutualTls: boolean;
  readonly ip: string | undefined;
}

export interface AskedService {
  /** `namespace/name` */
  readonly key: string;
  readonly port: number;
  /** Whether it was there before anything was emitted. */
  readonly isGiven: boolean;
}

export interface Sender {
  /** `cluster/namespace/name`; `undefined` outside the clusters. */
  readonly name: string | undefined;
  readonly speaks: 'ambient' | 'sidecar' | 'gateway' | 'plaintext';
  readonly namespace: string | undefined;
  /** `namespace/name` of the ServiceAccount that its certificate names. */
  readonly account: string | undefined;
  /** Of nobody whom a manifest shows. */
  readonly isFuture: boolean;
  /** How everybody speaks who runs as the same account on the network of the destination. */
  readonly kin: ReadonlySet<string>;
}

/** What the language would call a request that was decided; `undefined` where nobody listens to it. */
export function askedOf({ topology }: Resolved, { request, path, trace }: Decision): Asked | undefined {
  const { source, destination, payload } = request;
  if (destination.kind === 'gateway' || destination.kind === 'external' || path.kind !== 'path') return undefined;
  const cluster = topology.clusters.find(({ name }) => name === destination.cluster);
  const workload = cluster?.workloads.get(destination.workload);
  const network = topology.clusters.filter(({ settings }) => settings.network === cluster?.settings.network);
  const sender = senderOf(topology.clusters, network, source);
  if (cluster === undefined || workload === undefined || sender === undefined) return undefined;
  const given = destination.kind === 'service' ? cluster.services.get(destination.service) : undefined;
  const own = given?.ports.find(({ number }) => number === destination.port);
  const last = path.hops[path.hops.length - 1];
  const isSeen = path.hops.some(({ peer }) => peer.kind === 'caller');
  const podPort = destination.kind === 'pod' ? destination.port : own ? podPortOf(own, workload) : lastPort(trace);
  if (podPort === undefined) return undefined;
  return {
    workload,
    podPort,
    service:
      destination.kind === 'service'
        ? { key: destination.service, port: destination.port, isGiven: given !== undefined }
        : undefined,
    hasService: isBehindService(cluster, workload, podPort),
    // Somebody whom no manifest shows, and whose certificate nobody sees, is like anyone outside.
    sender: sender.isFuture && !isSeen ? { ...outsider, isFuture: true } : sender,
    payload,
    isSeen,
    isGuided: path.hops.some(({ point }) => point.kind === 'waypoint'),
    isByMutualTls: last?.point.kind === 'sidecar' && last.peer.kind !== 'nobody' && !last.tunnelled,
    isEncrypted: last !== undefined && last.point.kind !== 'waypoint' && last.peer.kind !== 'nobody',
    ip: source.ip,
  };
}

/** Of a Service that Ambit emits: the port that the last enforcement point saw. */
function lastPort(trace: Decision['trace']): number | undefined {
  return trace[trace.length - 1]?.sees.destinationPort;
}

/** The number of a target port at the pods of one workload. */
export function podPortOf({ targetPort }: ServicePort, { ports }: Workload): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return ports.find(({ name }) => name === targetPort)?.number;
}

function isBehindService({ services }: Cluster, workload: Workload, podPort: number): boolean {
  return [...services.values()].some(
    ({ hasVip, workloads, ports }) =>
      hasVip && workloads.includes(keyOf(workload)) && ports.some((port) => podPortOf(port, workload) === podPort),
  );
}

const outsider: Sender = {
  name: undefined,
  speaks: 'plaintext',
  namespace: undefined,
  account: undefined,
  isFuture: false,
  kin: new Set(),
};

function senderOf(clusters: readonly Cluster[], network: readonly Cluster[], source: Source): Sender | undefined {
  const sender = soloSenderOf(clusters, source);
  return sender && { ...sender, kin: kinOf(network, sender.account) };
}

function kinOf(network: readonly Cluster[], account: string | undefined): ReadonlySet<string> {
  const isKin = (each: { readonly namespace: string; readonly serviceAccount: string }) =>
    `${each.namespace}/${each.serviceAccount}` === account;
  const workloads = network.flatMap(({ workloads }) => [...workloads.values()]).filter(isKin);
  const gateways = network.flatMap(({ gateways }) => [...gateways.values()]).filter(isKin);
  return new Set([...workloads.map(({ mode }) => mode.plane), ...gateways.map(() => 'gateway')]);
}

function soloSenderOf(clusters: readonly Cluster[], source: Source): Omit<Sender, 'kin'> | undefined {
  if (source.kind === 'outside') return outsider;
  if (source.kind === 'future') {
    const { namespace, serviceAccount, speaks } = source;
    return { name: undefined, speaks, namespace, account: `${namespace}/${serviceAccount}`, isFuture: true };
  }
  const cluster = clusters.find(({ name }) => name === source.cluster);
  if (source.kind === 'gateway') {
    const gateway = cluster?.gateways.get(source.gateway);
    if (gateway === undefined) return undefined;
    return meshed(`${source.cluster}/${source.gateway}`, gateway.namespace, gateway.serviceAccount, 'gateway');
  }
  const workload = cluster?.workloads.get(source.workload);
  if (workload === undefined) return undefined;
  const name = `${source.cluster}/${source.workload}`;
  const { namespace, serviceAccount, mode } = workload;
  if (mode.plane === 'none') return { ...outsider, name, namespace };
  const speaks = mode.plane === 'sidecar' || mode.plane === 'ambient' ? mode.plane : 'gateway';
  return meshed(name, namespace, serviceAccount, speaks);
}

function meshed(name: string, namespace: string, account: string, speaks: Sender['speaks']): Omit<Sender, 'kin'> {
  return { name, namespace, speaks, account: `${namespace}/${account}`, isFuture: false };
}
