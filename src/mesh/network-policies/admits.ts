import { matchesSelector } from '../../topology/label-selector.js';
import { label } from '../../topology/labels.js';
import type { ContainerPort, LabelSelector, Labels } from '../../topology/model.js';
import { contains, isWithin, parseAddress, parseBlock } from '../ip.js';
import type { MeshCluster } from '../mesh.js';
import { allOf, anyOf, not, type Truth, truthOf } from '../truth.js';
import { isEmpty, type NetworkPolicy, type NetworkRule, type Peer, type PortRange } from './policy.js';

/** Whether what governs a pod lets it send to an address outside the cluster; `undefined`: one that DNS will say. */
export function admitsAddress(policies: readonly NetworkPolicy[], address: string | undefined, port: number): Truth {
  return admits(policies, { number: port }, (peer) => blockHas(peer, address));
}

/** The port of name servers, where they do not say another one: over UDP any may be theirs. */
const namePort = 53;

/** Whether what governs a pod lets it look up names somewhere. */
export function letsNamesBeLookedUp(policies: readonly NetworkPolicy[]): boolean {
  return policies.some(({ rules }) =>
    rules.some((rule) => rule.isForDatagrams || portFits(rule, { number: namePort }) !== 'no'),
  );
}

/** Some pods, as far as NetworkPolicies see them. */
export interface Pods {
  readonly namespace: string;
  /** `undefined`: of pods that are not there yet. */
  readonly labels: Labels | undefined;
  readonly ports?: readonly ContainerPort[];
}

/** Whether what governs a pod lets it send to other pods of its cluster; `undefined`: a port that they give a name. */
export function admitsPods(
  policies: readonly NetworkPolicy[],
  at: MeshCluster,
  pods: Pods,
  port: number | undefined,
): Truth {
  return admits(policies, { number: port, ports: pods.ports }, (peer, home) => selectsPods(at, pods, peer, home));
}

/**
 * Whether some policies let through what pods of another cluster send or are sent, by the addresses at which that one is
 * reached; where nobody says these, it is not known.
 */
export function admitsCluster(policies: readonly NetworkPolicy[], at: MeshCluster, other: string, port: AtPort): Truth {
  const blocks = at.clusterBlocks.get(other) ?? [];
  const found = blocks.map((block) => admits(policies, port, (peer) => hasBlock(peer, block)));
  if (blocks.length === 0) return admits(policies, port, () => 'unknown');
  const [all, some] = [allOf(found), anyOf(found)];
  return all === some ? all : 'unknown';
}

function hasBlock(peer: Peer, block: string): Truth {
  if (peer.kind === 'pods' || isOfOneLink(peer.cidr)) return 'no';
  if (isWithin(block, [peer.cidr]) && peer.except.length === 0) return 'yes';
  return isWithin(peer.cidr, [block]) || peer.except.length > 0 ? 'unknown' : 'no';
}

/** A port of pods, with the names that they give to ports where these are known. */
interface AtPort {
  readonly number: number | undefined;
  readonly ports?: readonly ContainerPort[] | undefined;
}

/** Policies add up: one rule of one of them is enough. Where there is none, everything is let through. */
export function admits(
  policies: readonly NetworkPolicy[],
  port: AtPort,
  isMeant: (peer: Peer, home: string) => Truth,
): Truth {
  if (policies.length === 0) return 'yes';
  return anyOf(
    policies.flatMap(({ namespace, rules }) =>
      rules.map((rule) => allOf([portFits(rule, port), peersFit(rule, (peer) => isMeant(peer, namespace))])),
    ),
  );
}

function portFits({ ports }: NetworkRule, port: AtPort): Truth {
  return ports === undefined ? 'yes' : anyOf(ports.map((range) => inRange(range, port)));
}

function inRange(range: PortRange, { number, ports }: AtPort): Truth {
  if (number === undefined) return 'unknown';
  if (range.kind === 'numbers') return truthOf(range.first <= number && number <= range.last);
  if (ports === undefined) return 'unknown';
  return truthOf(ports.some((port) => port.name === range.name && port.number === number && port.transport === 'TCP'));
}

function peersFit({ peers }: NetworkRule, isMeant: (peer: Peer) => Truth): Truth {
  return peers === undefined ? 'yes' : anyOf(peers.map(isMeant));
}

/** Whether a peer has an address. Pods are no addresses outside. */
export function blockHas(peer: Peer, address: string | undefined): Truth {
  if (peer.kind === 'pods' || peer.isOfOthers) return 'no';
  const { cidr, except } = peer;
  return allOf([inBlock(cidr, address), ...except.map((each) => not(inBlock(each, address)))]);
}

/** What is not known of an address is in every block that has all of them. */
function inBlock(cidr: string, text: string | undefined): Truth {
  if (text === undefined) return cidr === '0.0.0.0/0' ? 'yes' : isOfOneLink(cidr) ? 'no' : 'unknown';
  const [block, address] = [parseBlock(cidr), parseAddress(text)];
  if (block === undefined || address === undefined) return 'unknown';
  return truthOf(contains(block, address));
}

/** Whether a peer of a policy in some namespace has pods. Their addresses are not known, but that none is of one link alone. */
export function selectsPods(at: MeshCluster, pods: Pods, peer: Peer, home: string): Truth {
  if (peer.kind === 'block') return peer.isOfOthers || isOfOneLink(peer.cidr) ? 'no' : 'unknown';
  const near = namespaceFits(at, pods.namespace, peer.namespaces, home);
  return near === 'no' ? 'no' : allOf([near, labelsFit(peer.pods, pods.labels)]);
}

/** Whether a peer has no pods of a namespace, whatever their labels. */
export function isElsewhere(at: MeshCluster, namespace: string, peer: Peer, home: string): boolean {
  return peer.kind === 'pods' && namespaceFits(at, namespace, peer.namespaces, home) === 'no';
}

const oneLink = parseBlock('169.254.0.0/16');

/** Addresses that the CNI agent uses for probes, and that nobody has outside a node (W-71). */
function isOfOneLink(cidr: string): boolean {
  const block = parseBlock(cidr);
  if (block === undefined || oneLink === undefined || block.bits !== oneLink.bits) return false;
  return oneLink.start <= block.start && block.end <= oneLink.end;
}

function labelsFit(selector: LabelSelector | undefined, labels: Labels | undefined): Truth {
  if (selector === undefined || isEmpty(selector)) return 'yes';
  return labels === undefined ? 'unknown' : truthOf(matchesSelector(selector, labels));
}

/** Of a namespace without manifest only the label is known that the API server gives to it. */
function namespaceFits(at: MeshCluster, name: string, selector: LabelSelector | undefined, home: string): Truth {
  if (selector === undefined) return truthOf(name === home);
  if (isEmpty(selector)) return 'yes';
  const namespace = at.cluster.namespaces.get(name);
  if (namespace?.object !== undefined) return truthOf(matchesSelector(selector, namespace.labels));
  const { matchLabels, matchExpressions } = selector;
  const keys = [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
  if (keys.some((key) => key !== label.namespaceName)) return 'unknown';
  return truthOf(matchesSelector(selector, { [label.namespaceName]: name }));
}
