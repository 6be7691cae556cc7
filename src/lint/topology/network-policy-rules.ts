import type { ManifestObject, Path } from '../../parse/document.js';
import {
  alreadyReported,
  integerAt,
  itemsAt,
  mappingAt,
  namespaceOf,
  portAt,
  type Report,
  textAt,
  textsAt,
} from '../../topology/fields.js';
import { matchesSelector, readSelector } from '../../topology/label-selector.js';
import { hbonePort } from '../../topology/labels.js';
import type { Cluster, LabelSelector, Labels } from '../../topology/model.js';

export type Direction = 'ingress' | 'egress';

/** One NetworkPolicy in one direction. */
export interface Reading {
  readonly object: ManifestObject;
  readonly selector: LabelSelector;
  readonly rules: readonly Rule[];
}

/** A rule opens the same ports for all its peers; one without peers is for everybody. */
export interface Rule {
  readonly path: Path;
  readonly namespace: string;
  readonly peers: readonly Peer[];
  readonly admitsHbone: boolean;
  readonly listsApplicationPorts: boolean;
}

/** `undefined` where the field is absent: the policy's own namespace, all pods. */
interface Peer {
  readonly isBlock: boolean;
  readonly namespaces: LabelSelector | undefined;
  readonly pods: LabelSelector | undefined;
}

/** Reads a policy, if it governs the direction at all. */
export function readPolicy(object: ManifestObject, direction: Direction, report: Report): readonly Reading[] {
  if (!governs(object, direction, report)) return [];
  const peersField = direction === 'ingress' ? 'from' : 'to';
  const rules = itemsAt(object, ['spec', direction], report).map((path) => ({
    path,
    namespace: namespaceOf(object),
    peers: itemsAt(object, [...path, peersField], report).map((peer) => readPeer(object, peer, report)),
    admitsHbone: admits(object, path, report),
    listsApplicationPorts: listsApplicationPorts(object, path),
  }));
  return [{ object, selector: readSelector(object, ['spec', 'podSelector'], report), rules }];
}

/** `policyTypes` decides; where it is absent, ingress always counts and egress where it has rules. */
function governs(object: ManifestObject, direction: Direction, report: Report): boolean {
  const types = textsAt(object, ['spec', 'policyTypes'], report);
  if (types.length > 0) return types.some((type) => type.toLowerCase() === direction);
  return direction === 'ingress' || itemsAt(object, ['spec', 'egress'], report).length > 0;
}

function readPeer(object: ManifestObject, path: Path, report: Report): Peer {
  const selectorAt = (field: string) =>
    mappingAt(object, [...path, field], report) === undefined
      ? undefined
      : readSelector(object, [...path, field], report);
  return {
    isBlock: mappingAt(object, [...path, 'ipBlock'], report) !== undefined,
    namespaces: selectorAt('namespaceSelector'),
    pods: selectorAt('podSelector'),
  };
}

/** A rule without ports admits them all. */
function admits(object: ManifestObject, rule: Path, report: Report): boolean {
  const ports = itemsAt(object, [...rule, 'ports'], report);
  return ports.length === 0 || ports.some((port) => coversHbone(object, port, report));
}

function coversHbone(object: ManifestObject, path: Path, report: Report): boolean {
  if ((textAt(object, [...path, 'protocol'], report) ?? 'TCP') !== 'TCP') return false;
  const port = portAt(object, [...path, 'port'], report);
  if (port === undefined) return true;
  if (typeof port === 'string') return false;
  return port <= hbonePort && hbonePort <= (integerAt(object, [...path, 'endPort'], report) ?? port);
}

const nameServicePort = 53;

/** A rule for name resolution alone is no sign that traffic of the mesh was meant to pass. */
function listsApplicationPorts(object: ManifestObject, rule: Path): boolean {
  return itemsAt(object, [...rule, 'ports'], alreadyReported).some((path) => {
    const port = portAt(object, [...path, 'port'], alreadyReported);
    const protocol = textAt(object, [...path, 'protocol'], alreadyReported) ?? 'TCP';
    return protocol === 'TCP' && port !== undefined && port !== nameServicePort;
  });
}

/** Whether a rule is for a pod for certain. Addresses of pods are not known, nor are labels of namespaces without manifest. */
export function isSurelyFor(rule: Rule, pod: PodLabels, cluster: Cluster): boolean {
  return rule.peers.length === 0 || rule.peers.some((peer) => !peer.isBlock && selectsPod(peer, rule, pod, cluster));
}

/** Whether a rule may be for a pod. */
export function isPerhapsFor(rule: Rule, pod: PodLabels, cluster: Cluster): boolean {
  const isKnown = cluster.namespaces.get(pod.namespace)?.object !== undefined;
  return (
    rule.peers.length === 0 ||
    rule.peers.some((peer) => {
      if (peer.isBlock || (peer.namespaces !== undefined && !isKnown)) return true;
      return selectsPod(peer, rule, pod, cluster);
    })
  );
}

interface PodLabels {
  readonly namespace: string;
  readonly labels: Labels;
}

function selectsPod({ namespaces, pods }: Peer, rule: Rule, pod: PodLabels, cluster: Cluster): boolean {
  if (pods !== undefined && !matchesSelector(pods, pod.labels)) return false;
  if (namespaces === undefined) return pod.namespace === rule.namespace;
  return matchesSelector(namespaces, cluster.namespaces.get(pod.namespace)?.labels ?? {});
}
