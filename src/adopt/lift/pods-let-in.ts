import type { MeshCluster } from '../../mesh/mesh.js';
import { type Pods, selectsPods } from '../../mesh/network-policies/admits.js';
import { podsOfGateway, podsOfWaypoint, podsOfWorkload } from '../../mesh/network-policies/connection.js';
import { isEmpty, type NetworkRule, type Peer } from '../../mesh/network-policies/policy.js';
import { anyOf } from '../../mesh/truth.js';
import { keyOf } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { sortedUnique } from '../../util/order.js';
import type { Names } from '../names/names.js';
import type { Reason } from '../reason.js';
import type { Caller } from './lifted.js';
import { unique } from './without-repeats.js';

/** Whom a rule lets in; `undefined`: anyone. Empty where none of them has an identity. */
interface LetIn {
  readonly callers: readonly Caller[] | undefined;
}

const giveCallers = 'give the manifests of who calls as well';

/** Whom a rule of a NetworkPolicy lets in, by the names of those who have an identity. `home` is the namespace of the policy. */
export function podsLetIn(names: Names, at: MeshCluster, { peers }: NetworkRule, home: string): LetIn | Reason {
  if (peers === undefined || peers.some(isEverybody)) return { callers: undefined };
  const found = peers.map((peer) => ofPeer(names, at, peer, { peers, home }));
  const fault = found.flatMap((each) => ('because' in each ? [each] : []))[0];
  return fault ?? { callers: unique(found.flatMap((each) => ('because' in each ? [] : (each.callers ?? [])))) };
}

function isEverybody(peer: Peer): boolean {
  return peer.kind === 'block' && peer.cidr === '0.0.0.0/0' && peer.except.length === 0;
}

interface Beside {
  /** All of the rule. */
  readonly peers: readonly Peer[];
  readonly home: string;
}

function ofPeer(names: Names, at: MeshCluster, peer: Peer, beside: Beside): LetIn | Reason {
  if (peer.kind === 'block') return { because: `it lets in addresses, \`${peer.cidr}\`, and these are no identities` };
  if (peer.pods === undefined || isEmpty(peer.pods)) return ofNamespaces(at, peer, beside.home);
  const senders = sendersIn(at);
  const [unclear] = senders.filter(({ pods }) => selectsPods(at, pods, peer, beside.home) === 'unknown');
  if (unclear !== undefined) return notKnown(unclear.pods.namespace);
  const meant = senders.filter(({ pods }) => selectsPods(at, pods, peer, beside.home) === 'yes');
  if (meant.length === 0) return { because: 'no manifest has pods that it lets in', help: giveCallers };
  const accounts = sortedUnique(meant.flatMap(({ account = [] }) => account));
  const others = senders.filter(({ account }) => account !== undefined && accounts.includes(account));
  const kept = others.find(({ pods }) => !isLetIn(at, pods, beside));
  if (kept !== undefined)
    return {
      because: `it lets in pods by their labels, and ${kept.title}, which it does not let in, has the same ServiceAccount \`${kept.account}\``,
      help: 'give whoever calls a ServiceAccount of its own',
    };
  const named = accounts.map((account) => names.caller('source.serviceAccount', account));
  const nobody = named.flatMap((each) => ('because' in each ? [each] : []))[0];
  return nobody ?? { callers: named.flatMap((each) => ('callers' in each ? each.callers : [])) };
}

/** Pods of whole namespaces. */
function ofNamespaces(at: MeshCluster, { namespaces }: Peer & { readonly kind: 'pods' }, home: string): LetIn | Reason {
  if (namespaces === undefined) return { callers: [{ namespace: home }] };
  if (isEmpty(namespaces)) return { callers: ['anyAuthenticated'] };
  const truths = [...at.cluster.namespaces.keys()].map((namespace) => {
    const anything: Peer = { kind: 'pods', namespaces, pods: undefined };
    return { namespace, truth: selectsPods(at, { namespace, labels: {} }, anything, home) };
  });
  const unclear = truths.find(({ truth }) => truth === 'unknown');
  if (unclear !== undefined) return notKnown(unclear.namespace);
  const meant = truths.filter(({ truth }) => truth === 'yes');
  return meant.length === 0
    ? { because: 'no manifest has a namespace that it lets in', help: giveCallers }
    : { callers: meant.map(({ namespace }) => ({ namespace })) };
}

function notKnown(namespace: string): Reason {
  return {
    because: `it lets in by labels of namespaces, and those of \`${namespace}\` are not known`,
    help: giveCallers,
  };
}

function isLetIn(at: MeshCluster, pods: Pods, { peers, home }: Beside): boolean {
  return anyOf(peers.map((peer) => selectsPods(at, pods, peer, home))) === 'yes';
}

interface Sender {
  readonly title: string;
  readonly pods: Pods;
  /** `namespace/name` of its ServiceAccount; `undefined` where it is not in the mesh, and shows no identity. */
  readonly account: string | undefined;
}

/** All pods that a NetworkPolicy tells by their labels. */
const sendersIn = oncePerObject(({ cluster }: MeshCluster): readonly Sender[] => {
  const accountOf = ({ namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string }) =>
    `${namespace}/${serviceAccount}`;
  const workloads = [...cluster.workloads.values()].flatMap((each) => {
    const pods = podsOfWorkload(each);
    const account = each.mode.plane === 'none' ? undefined : accountOf(each);
    return pods.onNode ? [] : [{ title: `\`${keyOf(each)}\``, pods, account }];
  });
  const gateways = [...cluster.gateways.values()].map((each) => ({
    pods: podsOfGateway(each),
    account: accountOf(each),
  }));
  const waypoints = [...cluster.waypoints.values()].map((each) => ({
    pods: podsOfWaypoint(each),
    account: accountOf(each),
  }));
  return [...workloads, ...[...gateways, ...waypoints].map((each) => ({ ...each, title: each.pods.title }))];
});
