import type { PlacedPeer } from '../../../ir/placed-network-policy.js';
import type { Caller, Source } from '../../../resolve/resolved.js';
import { label } from '../../../topology/labels.js';
import { type Cluster, isMachine, type Labels } from '../../../topology/model.js';
import { withoutTransient } from '../at-pods/selectors.js';

/**
 * Who of a cluster may be one of some callers, as far as a NetworkPolicy can tell: pods by their labels, and namespaces.
 * `undefined`: whoever it is, since addresses are not those that arrive where a node or a load balancer puts its own in
 * their place.
 */
export function peersOf(
  cluster: Cluster,
  caller: Caller,
  comesStraight: (source: Source) => boolean,
): readonly PlacedPeer[] | undefined {
  switch (caller.kind) {
    case 'identities':
      return caller.members.length === 0
        ? caller.serviceAccounts.map((account) => inNamespace(account.split('/')[0] ?? ''))
        : podsOfAll(
            cluster,
            caller.members.filter((source) => source.cluster === cluster.name && comesStraight(source)),
          );
    case 'namespace':
      return [inNamespace(caller.namespace.includes('*') ? undefined : caller.namespace)];
    case 'anyAuthenticated':
      return [inNamespace(undefined)];
    default:
      return undefined;
  }
}

export function inNamespace(namespace: string | undefined): PlacedPeer {
  return { kind: 'pods', namespaces: namespace === undefined ? undefined : named(namespace), labels: undefined };
}

function podsOfAll(cluster: Cluster, sources: readonly Source[]): readonly PlacedPeer[] | undefined {
  const peers = sources.map((source) => podsOf(cluster, source));
  return peers.includes(undefined) ? undefined : peers.filter((peer) => peer !== undefined);
}

/** `undefined`: no pods, or such as come from the address of their node. */
function podsOf({ workloads, gateways }: Cluster, { name, plane }: Source): PlacedPeer | undefined {
  const gateway = plane === 'gateway' ? gateways.get(name) : undefined;
  if (gateway !== undefined) return labelled(gateway.namespace, gateway.podLabels);
  const workload = workloads.get(name);
  if (workload === undefined || workload.hostNetwork || isMachine(workload)) return undefined;
  return labelled(workload.namespace, withoutTransient(workload.labels));
}

export function labelled(namespace: string, labels: Labels): PlacedPeer {
  return { kind: 'pods', namespaces: named(namespace), labels: Object.keys(labels).length === 0 ? undefined : labels };
}

/** The API server gives this label to each namespace. */
function named(namespace: string): Labels {
  return { [label.namespaceName]: namespace };
}

/** Istio makes the pods of a waypoint, with this label (W-03). */
export function podsOfWaypoint(key: string): PlacedPeer {
  const [namespace = '', name = ''] = key.split('/');
  return labelled(namespace, { [label.gatewayName]: name });
}

/** Peers with one key are one. */
export function peerKey(peer: PlacedPeer): string {
  return peer.kind === 'block' ? peer.cidr : JSON.stringify([peer.namespaces, peer.labels]);
}
