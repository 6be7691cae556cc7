import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { alreadyReported, namespaceOf } from '../../topology/fields.js';
import { matchesSelector, readSelector } from '../../topology/label-selector.js';
import { keyOf, type LabelSelector, type Labels } from '../../topology/model.js';
import { governsEgress, governsIngress, podSelectorOf } from '../../topology/network-policy.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { isWithin } from '../ip.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import type { MeshCluster } from '../mesh.js';

/** What a NetworkPolicy says of what some pods may send, or of what they may be sent. */
export interface NetworkPolicy {
  /** `namespace/name` */
  readonly name: string;
  readonly namespace: string;
  readonly object: ManifestObject;
  readonly rules: readonly NetworkRule[];
}

/** One of its rules: some port of some peer. */
export interface NetworkRule {
  /** `undefined`: whatever there is. */
  readonly peers: readonly Peer[] | undefined;
  /** `undefined`: every port. */
  readonly ports: readonly PortRange[] | undefined;
  /** Whether it is for some ports of UDP as well, as names are looked up on one. */
  readonly isForDatagrams: boolean;
}

export type Peer =
  | {
      readonly kind: 'block';
      readonly cidr: string;
      readonly except: readonly string[];
      /** Whether all of it is where other clusters of the mesh are reached: no pod of this one is there, and nothing outside. */
      readonly isOfOthers: boolean;
    }
  /** `undefined` namespaces: those of the policy's own. */
  | { readonly kind: 'pods'; readonly namespaces: LabelSelector | undefined; readonly pods: LabelSelector | undefined };

/** Ports of TCP by number; one with a name is the port of a container, which is nothing outside. */
export type PortRange =
  | { readonly kind: 'numbers'; readonly first: number; readonly last: number }
  | { readonly kind: 'named'; readonly name: string };

type Reading = NetworkPolicy & { readonly selector: LabelSelector };

/** The policies that govern what pods with some labels send: none where they may send whatever they like. */
export function egressPoliciesOf(at: MeshCluster, namespace: string, labels: Labels): readonly NetworkPolicy[] {
  return selecting(egressReadings(at).get(namespace), labels);
}

/** The policies that govern what pods with some labels are sent: none where everybody may send them anything. */
export function ingressPoliciesOf(at: MeshCluster, namespace: string, labels: Labels): readonly NetworkPolicy[] {
  return selecting(ingressReadings(at).get(namespace), labels);
}

/** What a policy says, whatever it is called: of pods of its own namespace only where it is for that. */
export const sayingOf = oncePerObject(({ namespace, rules }: NetworkPolicy): string => {
  const isOfHome = rules.some(({ peers = [] }) => peers.some((peer) => peer.kind === 'pods' && !peer.namespaces));
  return JSON.stringify([isOfHome ? namespace : '', rules]);
});

/** The names of the labels that policies of a cluster ask of pods and of namespaces, to let them send to its pods. */
export const labelsAskedOfSenders = oncePerObject((at: MeshCluster) => {
  const rules = [...ingressReadings(at).values()].flat().flatMap((policy) => policy.rules);
  const peers = rules.flatMap((rule) => (rule.peers ?? []).flatMap((peer) => (peer.kind === 'pods' ? peer : [])));
  return {
    pods: new Set(peers.flatMap(({ pods }) => labelsIn(pods))),
    namespaces: new Set(peers.flatMap(({ namespaces }) => labelsIn(namespaces))),
  };
});

function labelsIn(selector: LabelSelector | undefined): readonly string[] {
  if (selector === undefined) return [];
  return [...Object.keys(selector.matchLabels), ...selector.matchExpressions.map(({ key }) => key)];
}

/** Whether no NetworkPolicy of a cluster stops what its pods send each other, and those of other clusters. */
export const isOpenWithin = oncePerObject((at: MeshCluster): boolean => {
  const outgoing = [...egressReadings(at).values()].flat();
  const isOpen = at.clusterBlocks.size > 1 ? isForAll : isForAllPods;
  return ingressReadings(at).size === 0 && outgoing.every(({ rules }) => rules.some(isOpen));
});

function isForAll({ peers, ports }: NetworkRule): boolean {
  return ports === undefined && peers === undefined;
}

function isForAllPods({ peers, ports }: NetworkRule): boolean {
  return ports === undefined && (peers === undefined || peers.some(isAllPods));
}

function isAllPods(peer: Peer): boolean {
  if (peer.kind === 'block' || peer.namespaces === undefined) return false;
  return isEmpty(peer.namespaces) && (peer.pods === undefined || isEmpty(peer.pods));
}

/** Whether a selector selects whatever there is. */
export function isEmpty({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

function selecting(policies: readonly Reading[] = [], labels: Labels): readonly NetworkPolicy[] {
  return policies.filter(({ selector }) => matchesSelector(selector, labels));
}

const egressReadings = oncePerObject((at: MeshCluster) => readingsOf(at, 'egress'));
const ingressReadings = oncePerObject((at: MeshCluster) => readingsOf(at, 'ingress'));

type Direction = 'ingress' | 'egress';

const governs = { ingress: governsIngress, egress: governsEgress };
const peersField = { ingress: 'from', egress: 'to' } as const;

function readingsOf(at: MeshCluster, direction: Direction): ReadonlyMap<string, readonly Reading[]> {
  const others = [...at.clusterBlocks].flatMap(([name, blocks]) => (name === at.cluster.name ? [] : (blocks ?? [])));
  const governing = at.cluster.networkPolicies.filter(governs[direction]);
  const policies = governing.map((object) => readPolicy(object, direction, others));
  return groupBy(policies, ({ namespace }) => namespace);
}

/** `others` are the addresses of other clusters. */
function readPolicy(object: ManifestObject, direction: Direction, others: readonly string[]): Reading {
  const namespace = namespaceOf(object);
  return {
    name: keyOf({ namespace, name: object.name }),
    namespace,
    object,
    selector: podSelectorOf(object),
    rules: asArray(asObject(object.value.spec)?.[direction]).map((rule, index) =>
      readRule(object, [direction, index], asObject(rule) ?? {}, others),
    ),
  };
}

function readRule(
  object: ManifestObject,
  [direction, index]: readonly [Direction, number],
  rule: JsonObject,
  others: readonly string[],
): NetworkRule {
  const field = peersField[direction];
  const [listed, ports] = [asArray(rule[field]), asArray(rule.ports)];
  const peers = listed.map((peer, place) => readPeer(object, ['spec', direction, index, field, place], peer, others));
  return {
    peers: peers.length === 0 ? undefined : peers,
    ports: ports.length === 0 ? undefined : ports.flatMap(readPort),
    isForDatagrams: ports.length === 0 || ports.some((item) => asObject(item)?.protocol === 'UDP'),
  };
}

function readPeer(
  object: ManifestObject,
  path: readonly (string | number)[],
  peer: JsonValue,
  others: readonly string[],
): Peer {
  const { ipBlock, namespaceSelector, podSelector } = asObject(peer) ?? {};
  const block = asObject(ipBlock);
  if (block !== undefined) {
    const cidr = asText(block.cidr) ?? '';
    return { kind: 'block', cidr, except: asTexts(block.except), isOfOthers: isWithin(cidr, others) };
  }
  const selectorAt = (field: string, value: JsonValue | undefined) =>
    value === undefined ? undefined : readSelector(object, [...path, field], alreadyReported);
  return {
    kind: 'pods',
    namespaces: selectorAt('namespaceSelector', namespaceSelector),
    pods: selectorAt('podSelector', podSelector),
  };
}

function readPort(item: JsonValue): readonly PortRange[] {
  const { protocol = 'TCP', port, endPort } = asObject(item) ?? {};
  if (protocol !== 'TCP') return [];
  if (port === undefined) return [{ kind: 'numbers', first: 1, last: 65535 }];
  if (typeof port === 'string') return [{ kind: 'named', name: port }];
  if (typeof port !== 'number') return [];
  return [{ kind: 'numbers', first: port, last: typeof endPort === 'number' ? endPort : port }];
}
