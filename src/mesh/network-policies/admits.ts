import { matchesSelector } from '../../topology/label-selector.js';
import type { Labels } from '../../topology/model.js';
import { contains, parseAddress, parseBlock } from '../ip.js';
import type { MeshCluster } from '../mesh.js';
import { allOf, anyOf, not, type Truth, truthOf } from '../truth.js';
import type { EgressPolicy, EgressRule, Peer, PortRange } from './egress-policy.js';

/** Whether what governs a pod lets it send to an address outside the cluster; `undefined`: one that DNS will say. */
export function admitsAddress(policies: readonly EgressPolicy[], address: string | undefined, port: number): Truth {
  if (policies.length === 0) return 'yes';
  return anyOf(rulesOf(policies).map((rule) => allOf([portFits(rule, port), addressFits(rule, address)])));
}

/** The pods that are addressed, as far as NetworkPolicies see them. */
export interface Pods {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Whether what governs a pod lets it send to other pods of its cluster; `undefined`: a port that they give a name. */
export function admitsPods(
  policies: readonly EgressPolicy[],
  at: MeshCluster,
  pods: Pods,
  port: number | undefined,
): Truth {
  if (policies.length === 0) return 'yes';
  const truths = policies.flatMap(({ namespace, rules }) =>
    rules.map((rule) => allOf([portFits(rule, port), podsFit(rule, { at, home: namespace, pods })])),
  );
  return anyOf(truths);
}

function rulesOf(policies: readonly EgressPolicy[]): readonly EgressRule[] {
  return policies.flatMap(({ rules }) => rules);
}

function portFits({ ports }: EgressRule, port: number | undefined): Truth {
  return ports === undefined ? 'yes' : anyOf(ports.map((range) => inRange(range, port)));
}

function inRange(range: PortRange, port: number | undefined): Truth {
  return range.kind === 'named' || port === undefined ? 'unknown' : truthOf(range.first <= port && port <= range.last);
}

function addressFits({ peers }: EgressRule, address: string | undefined): Truth {
  return peers === undefined ? 'yes' : anyOf(peers.map((peer) => blockHas(peer, address)));
}

/** Pods are no addresses outside. */
function blockHas(peer: Peer, address: string | undefined): Truth {
  if (peer.kind === 'pods') return 'no';
  const { cidr, except } = peer;
  return allOf([inBlock(cidr, address), ...except.map((each) => not(inBlock(each, address)))]);
}

/** What is not known of an address is in every block that has all of them. */
function inBlock(cidr: string, text: string | undefined): Truth {
  if (text === undefined) return cidr === '0.0.0.0/0' ? 'yes' : 'unknown';
  const [block, address] = [parseBlock(cidr), parseAddress(text)];
  if (block === undefined || address === undefined) return 'unknown';
  return truthOf(contains(block, address));
}

interface Asked {
  readonly at: MeshCluster;
  /** The namespace of the policy. */
  readonly home: string;
  readonly pods: Pods;
}

function podsFit({ peers }: EgressRule, asked: Asked): Truth {
  return peers === undefined ? 'yes' : anyOf(peers.map((peer) => selectsPods(peer, asked)));
}

/** The addresses of pods are not known, nor are labels of a namespace without manifest. */
function selectsPods(peer: Peer, { at, home, pods }: Asked): Truth {
  if (peer.kind === 'block') return 'unknown';
  const isSelected = peer.pods === undefined || matchesSelector(peer.pods, pods.labels);
  return allOf([truthOf(isSelected), namespaceFits(peer.namespaces, { at, home, pods })]);
}

function namespaceFits(selector: Extract<Peer, { kind: 'pods' }>['namespaces'], { at, home, pods }: Asked): Truth {
  if (selector === undefined) return truthOf(pods.namespace === home);
  if (Object.keys(selector.matchLabels).length + selector.matchExpressions.length === 0) return 'yes';
  const namespace = at.cluster.namespaces.get(pods.namespace);
  if (namespace?.object === undefined) return 'unknown';
  return truthOf(matchesSelector(selector, namespace.labels));
}
