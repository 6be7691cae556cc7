import type { OutboundTrafficPolicy } from '../../parse/mesh.js';
import { type Gateway, isMachine, type Labels, type Workload } from '../../topology/model.js';
import { sortBy } from '../../util/order.js';
import { doubtAboutWorkload, doubtsAboutSender, type SenderDoubt } from '../doubts/doubts.js';
import { doubtAboutNamespace } from '../doubts/unwatched.js';
import type { Identity } from '../identity.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import type { Pods } from '../network-policies/admits.js';
import type { Sender } from '../network-policies/connection.js';
import {
  egressPoliciesOf,
  isOpenWithin,
  labelsAskedOfSenders,
  type NetworkPolicy,
} from '../network-policies/policy.js';
import type { FutureWorkload, Source } from '../request.js';
import { labelsAsked } from '../routes/owner/asked-of-callers.js';
import { revisionSendingOtherwise } from '../routes/settings/of-revision.js';
import { type Known, known, unknown } from '../truth.js';
import { outboundCapture, outboundKey } from './capture.js';
import { isCaptured } from './gateway/captured.js';
import { hostsOfConnections } from './gateway/connections-onward.js';
import { notModelled, type Stop } from './hops.js';
import { type SidecarScope, scopesOf } from './sidecar-scope.js';

/** A source as the network knows it: what it can speak, and as whom. */
export interface Caller {
  readonly kind: 'caller';
  readonly speaks: 'ambient' | 'sidecar' | 'gateway' | 'plaintext';
  /** `undefined` outside every cluster. */
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly identity: Identity | null;
  readonly ip: Known<string>;
  /** What the mesh lets its proxy do with hosts that nobody has declared, where that is not to pass them on. */
  readonly outboundPolicy?: OutboundTrafficPolicy;
  /** The gateway that it is, where it is one. */
  readonly gateway?: Gateway;
  /** The hosts to which it sends bytes that are no request, where it is a gateway and sends them to no others. */
  readonly connectionsTo?: readonly string[];
  /** The labels of its pods by which some proxy routes; absent where there are none. */
  readonly labels?: Labels;
  /** Whether its proxy speaks mutual TLS only where a DestinationRule tells it to. */
  readonly withoutAutoMtls?: true;
  /** The control plane of its proxy, where that has it send requests on otherwise than others. */
  readonly sendsByRevision?: string;
  /** The workload whose sidecar is told to leave some of its traffic alone. */
  readonly partlyCaptured?: Workload;
  /** What its sidecar knows of the mesh, where a Sidecar resource says it: several where one of them counts. */
  readonly scopes?: readonly SidecarScope[];
  /** The NetworkPolicies that say what its pods may send; absent where none does. */
  readonly networkPolicies?: readonly NetworkPolicy[];
  /** Its pods, where NetworkPolicies say who may send to others. */
  readonly pods?: CallerPods;
  /** What may change where its proxy sends requests, and as whom. */
  readonly doubts?: readonly SenderDoubt[];
}

/** Pods as NetworkPolicies know them. */
export interface CallerPods extends Pods {
  readonly onNode: boolean;
  /** All that policies ask of them and of their namespace, and what they answer. */
  readonly asked: string;
}

/** The one fact that whoever asks can give. */
export const callerAddress = 'the address of the caller';

/** Who a source is on the wire. A pod outside the mesh has no certificate, whatever its service account (§4.5). */
export function callerOf(mesh: Mesh, source: Source): Caller | Stop {
  const ip = source.ip === undefined ? unknown(callerAddress) : known(source.ip);
  if (source.kind === 'outside') {
    return { kind: 'caller', speaks: 'plaintext', cluster: undefined, namespace: undefined, identity: null, ip };
  }
  const caller = meshCaller(mesh, source, ip);
  const at = mesh.clusters.get(source.cluster);
  if (caller.kind !== 'caller' || at === undefined) return caller;
  const doubt = isKnownToIstiod(caller) ? doubtAboutNamespace(at, caller.namespace ?? '') : undefined;
  if (doubt !== undefined) return notModelled(doubt);
  return {
    ...caller,
    ...defaultsOf(at),
    ...governedBy(egressPoliciesOf(at, caller.namespace ?? '', podLabels(at, source))),
    ...named(at, caller.namespace ?? '', source),
  };
}

/** Nobody knows which labels a pod will have that is not there yet. */
function podLabels({ cluster }: MeshCluster, source: Exclude<Source, { kind: 'outside' }>): Labels {
  if (source.kind === 'future') return {};
  if (source.kind === 'gateway') return cluster.gateways.get(source.gateway)?.podLabels ?? {};
  return cluster.workloads.get(source.workload)?.labels ?? {};
}

/** Who it is to the NetworkPolicies of its cluster that let pods be sent something. */
function named(at: MeshCluster, namespace: string, source: Exclude<Source, { kind: 'outside' }>): Pick<Caller, 'pods'> {
  if (isOpenWithin(at)) return {};
  const workload = source.kind === 'workload' ? at.cluster.workloads.get(source.workload) : undefined;
  const onNode = workload !== undefined && (workload.hostNetwork || isMachine(workload));
  const pods = { namespace, labels: source.kind === 'future' ? undefined : podLabels(at, source), onNode };
  const asked = labelsAskedOfSenders(at);
  const home = at.cluster.namespaces.get(namespace);
  const answers = [amongAsked(pods.labels, asked.pods), amongAsked(home?.object && home.labels, asked.namespaces)];
  return { pods: { ...pods, asked: JSON.stringify([onNode, ...answers]) } };
}

function amongAsked(
  labels: Labels | undefined,
  asked: ReadonlySet<string>,
): ReadonlyArray<readonly [string, string]> | undefined {
  return (
    labels &&
    sortBy(
      Object.entries(labels).filter(([name]) => asked.has(name)),
      ([name]) => name,
    )
  );
}

function governedBy(networkPolicies: readonly NetworkPolicy[]): Pick<Caller, 'networkPolicies'> {
  return networkPolicies.length > 0 ? { networkPolicies } : {};
}

/** What proxies do otherwise than by Istio's own defaults, where nothing else tells them. */
function defaultsOf({ cluster }: MeshCluster): Pick<Caller, 'outboundPolicy' | 'withoutAutoMtls'> {
  const { enableAutoMtls, outboundTrafficPolicy } = cluster.settings.istio;
  return {
    ...(!enableAutoMtls && { withoutAutoMtls: true }),
    ...(outboundTrafficPolicy !== 'ALLOW_ANY' && { outboundPolicy: outboundTrafficPolicy }),
  };
}

/** ztunnel learns from istiod for whom it speaks, and a gateway what it serves; a sidecar belongs to its pod. */
function isKnownToIstiod({ speaks }: Caller): boolean {
  return speaks === 'ambient' || speaks === 'gateway';
}

function meshCaller(mesh: Mesh, source: Exclude<Source, { kind: 'outside' }>, ip: Known<string>): Caller | Stop {
  if (source.kind === 'future') return futureWorkloadCaller(mesh, source, ip);
  return source.kind === 'gateway' ? gatewayCaller(mesh, source, ip) : workloadCaller(mesh, source, ip);
}

function futureWorkloadCaller(
  { clusters }: Mesh,
  { cluster, speaks, namespace, serviceAccount }: FutureWorkload,
  ip: Known<string>,
): Caller | Stop {
  const at = clusters.get(cluster);
  if (at === undefined) return notModelled(`there is no cluster \`${cluster}\``);
  const identity = { trustDomain: at.cluster.settings.trustDomain, namespace, serviceAccount };
  const scopes = speaks === 'sidecar' ? scopesOf(at, { namespace, labels: {} }) : [];
  return { kind: 'caller', speaks, cluster, namespace, identity, ip, ...(scopes.length > 0 && { scopes }) };
}

function gatewayCaller(mesh: Mesh, source: Source & { kind: 'gateway' }, ip: Known<string>): Caller | Stop {
  const at = mesh.clusters.get(source.cluster);
  const gateway = at?.cluster.gateways.get(source.gateway);
  if (at === undefined || gateway === undefined) return notModelled(`there is no gateway \`${source.gateway}\``);
  const { namespace, serviceAccount, missingPods } = gateway;
  const identity = { trustDomain: at.cluster.settings.trustDomain, namespace, serviceAccount };
  const what = `as whom \`${source.gateway}\` calls, for the pods of Service \`${missingPods}\` are not given`;
  const nameless = missingPods === undefined ? [] : [{ what, ports: undefined }];
  const tunnelled = isCaptured(at, gateway)
    ? [{ what: `how ztunnel sends on what \`${source.gateway}\` sends, which is ambient itself`, ports: undefined }]
    : [];
  const connectionsTo = hostsOfConnections(at, gateway);
  const base = {
    kind: 'caller',
    speaks: 'gateway',
    cluster: source.cluster,
    namespace,
    identity,
    ip,
    gateway,
    ...(connectionsTo && { connectionsTo }),
  } as const;
  return { ...base, ...doubted([...nameless, ...tunnelled, ...doubtsAboutSender({ kind: 'gateway', gateway }, at)]) };
}

function workloadCaller(mesh: Mesh, source: Source & { kind: 'workload' }, ip: Known<string>): Caller | Stop {
  const at = mesh.clusters.get(source.cluster);
  const workload = at?.cluster.workloads.get(source.workload);
  if (at === undefined || workload === undefined) return notModelled(`there is no workload \`${source.workload}\``);
  const { namespace, serviceAccount, mode } = workload;
  const base = { kind: 'caller', cluster: source.cluster, namespace, ip } as const;
  const identity = { trustDomain: at.cluster.settings.trustDomain, namespace, serviceAccount };
  switch (mode.plane) {
    case 'none':
      return { ...base, speaks: 'plaintext', identity: null };
    case 'sidecar':
      return { ...base, speaks: 'sidecar', identity, ...proxyOf(workload, at) };
    case 'ambient':
    case 'gateway':
      return { ...base, speaks: mode.plane, identity, ...doubted(doubtOf(workload, at)) };
    default:
      return notModelled(`what \`${source.workload}\` sends as a caller of plane \`${mode.plane}\``);
  }
}

/** What of a sidecar is not as it is by default. */
function proxyOf(
  workload: Workload,
  at: MeshCluster,
): Pick<Caller, 'labels' | 'partlyCaptured' | 'scopes' | 'sendsByRevision' | 'doubts'> {
  const scopes = scopesOf(at, workload);
  const revision = revisionSendingOtherwise({ kind: 'sidecar', workload }, at.cluster);
  return {
    ...labelsOf(workload, at),
    ...(outboundKey(workload) !== '' && { partlyCaptured: workload }),
    ...(scopes.length > 0 && { scopes }),
    ...(revision !== undefined && { sendsByRevision: revision }),
    ...doubted([...doubtOf(workload, at), ...doubtsAboutSender({ kind: 'sidecar', workload }, at)]),
  };
}

function labelsOf({ labels }: Workload, at: MeshCluster): Pick<Caller, 'labels'> {
  const asked = Object.entries(labels).filter(([name]) => labelsAsked(at).has(name));
  return asked.length === 0 ? {} : { labels: Object.fromEntries(sortBy(asked, ([name]) => name)) };
}

function doubtOf(workload: Workload, at: MeshCluster): readonly SenderDoubt[] {
  const what = doubtAboutWorkload(workload, at);
  return what === undefined ? [] : [{ what, ports: undefined }];
}

function doubted(doubts: readonly SenderDoubt[]): Pick<Caller, 'doubts'> {
  return doubts.length > 0 ? { doubts } : {};
}

/** The pods of a caller as those that open connections. */
export function senderOf({ cluster, pods, ip, networkPolicies = [] }: Caller): Sender {
  return {
    cluster,
    pods,
    onNode: pods?.onNode === true,
    ip: ip.known ? ip.value : undefined,
    policies: networkPolicies,
  };
}

/** Who a caller is towards one port: what its sidecar does not take leaves the pod in plaintext. */
export function towardsPort(caller: Caller, port: number): Caller | Stop {
  const doubt = caller.doubts?.find(({ ports }) => ports?.includes(port) ?? true);
  if (doubt !== undefined) return notModelled(doubt.what);
  if (caller.partlyCaptured === undefined) return caller;
  const capture = outboundCapture(caller.partlyCaptured, port);
  if (typeof capture !== 'boolean') return notModelled(capture.doubt);
  return capture ? caller : { ...caller, speaks: 'plaintext', identity: null };
}
