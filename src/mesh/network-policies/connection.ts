import { hbonePort, label } from '../../topology/labels.js';
import { type Gateway, isMachine, keyOf, type Labels, type Waypoint, type Workload } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import type { NetworkStop } from '../paths/hops.js';
import type { Truth } from '../truth.js';
import { admits, admitsCluster, blockHas, type Pods, selectsPods } from './admits.js';
import { egressPoliciesOf, ingressPoliciesOf, isOpenWithin, type NetworkPolicy, type Peer } from './policy.js';

/** The pods that open a connection. Whoever is outside every cluster has none. */
export interface Sender {
  readonly cluster: string | undefined;
  /** `undefined`: outside, or not known to those who ask for it. */
  readonly pods: Pods | undefined;
  /** Whether they are on the network of their node, or are no pods at all, and come from an address. */
  readonly onNode?: boolean;
  readonly ip?: string | undefined;
  readonly policies: readonly NetworkPolicy[];
}

/** The pods that a connection is opened to. */
export interface Receiver extends Pods {
  readonly title: string;
  /** Whether they are on the network of their node, or no pods, so that no NetworkPolicy is for them. */
  readonly onNode: boolean;
}

/** What NetworkPolicies make of one connection within the mesh, by the port on which it arrives at the pods (W-70, W-72). */
export function stoppedBetween(at: MeshCluster, from: Sender, to: Receiver, port: number): NetworkStop | undefined {
  const stop = isOpenWithin(at) && from.policies.length === 0 ? undefined : stopBetween(at, from, to, port);
  return stop && at.onlyTellsOfNetworkPolicies ? { ...stop, isOnlyTold: true } : stop;
}

function stopBetween(at: MeshCluster, from: Sender, to: Receiver, port: number): NetworkStop | undefined {
  const place = `${to.title} on port ${port}${port === hbonePort ? ' (W-70)' : ''}`;
  const out = stopOf(from.policies, letsOut(at, from, to, port), `out to ${place}`);
  if (out?.kind === 'no-path' || to.onNode) return out;
  const own = ingressPoliciesOf(at, to.namespace, to.labels ?? {});
  const into = stopOf(own, letsIn(at, own, from, to, port), `into ${place}`);
  return into?.kind === 'no-path' ? into : (out ?? into);
}

/** To a policy, pods of other clusters are addresses. */
function letsOut(at: MeshCluster, { cluster, policies }: Sender, to: Receiver, port: number): Truth {
  const isNear = cluster === at.cluster.name;
  const arriving = { number: port, ports: isNear ? to.ports : undefined };
  if (!isNear && !to.onNode) return admitsCluster(policies, at, at.cluster.name, arriving);
  return admits(policies, arriving, (peer, home) => (to.onNode ? 'unknown' : selectsPods(at, to, peer, home)));
}

/** Of an address outside it is not known which one arrives: a node may put its own in its place, which is always let in. */
function letsIn(at: MeshCluster, policies: readonly NetworkPolicy[], from: Sender, to: Receiver, port: number): Truth {
  const isNear = from.cluster === at.cluster.name && from.onNode !== true;
  const { cluster, pods } = from;
  const arriving = { number: port, ports: to.ports };
  const isMeant = (peer: Peer, home: string): Truth => {
    if (cluster === undefined && peer.kind === 'block') return blockHas(peer, from.ip);
    return isNear && pods !== undefined ? selectsPods(at, pods, peer, home) : 'unknown';
  };
  const isOfOther = cluster !== undefined && cluster !== at.cluster.name && from.onNode !== true;
  const found = isOfOther ? admitsCluster(policies, at, cluster, arriving) : admits(policies, arriving, isMeant);
  return found === 'no' && !isNear ? 'unknown' : found;
}

function stopOf(policies: readonly NetworkPolicy[], admitted: Truth, what: string): NetworkStop | undefined {
  if (admitted === 'yes') return undefined;
  const subject = `NetworkPolicy ${policies.map(({ name }) => `\`${name}\``).join(', ')}`;
  const objects = policies.map(({ object }) => object);
  return admitted === 'no'
    ? { kind: 'no-path', because: `${subject} lets no such connection ${what}`, policies: objects }
    : { kind: 'not-modelled', because: `whether ${subject} lets such a connection ${what}`, policies: objects };
}

/** The pods of a workload, as what they are sent comes to them. */
export function podsOfWorkload(workload: Workload): Receiver {
  const { namespace, labels, ports } = workload;
  const onNode = workload.hostNetwork || isMachine(workload);
  return { namespace, labels, ports, onNode, title: `\`${keyOf(workload)}\`` };
}

/** Istio makes the pods of a waypoint, with these labels (W-03). */
export function podsOfWaypoint(waypoint: Waypoint): Receiver {
  const labels: Labels = { [label.gatewayName]: waypoint.name, [label.managed]: 'istio.io-mesh-controller' };
  return { namespace: waypoint.namespace, labels, onNode: false, title: `waypoint \`${keyOf(waypoint)}\`` };
}

export function podsOfGateway(gateway: Gateway): Receiver {
  const { namespace, podLabels: labels } = gateway;
  return { namespace, labels, onNode: false, title: `gateway \`${keyOf(gateway)}\`` };
}

/** The pods of a waypoint as those that send on what comes to them. */
export function sentByWaypoint(at: MeshCluster, waypoint: Waypoint): Sender {
  const pods = podsOfWaypoint(waypoint);
  return { cluster: at.cluster.name, pods, policies: egressPoliciesOf(at, pods.namespace, pods.labels ?? {}) };
}
