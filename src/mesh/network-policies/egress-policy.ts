import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { alreadyReported, namespaceOf } from '../../topology/fields.js';
import { matchesSelector, readSelector } from '../../topology/label-selector.js';
import { keyOf, type LabelSelector, type Labels } from '../../topology/model.js';
import { governsEgress, podSelectorOf } from '../../topology/network-policy.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import type { MeshCluster } from '../mesh.js';

/** A NetworkPolicy that says what some pods may send. */
export interface EgressPolicy {
  /** `namespace/name` */
  readonly name: string;
  readonly namespace: string;
  readonly object: ManifestObject;
  readonly rules: readonly EgressRule[];
}

/** One of its rules: some port of some peer. */
export interface EgressRule {
  /** `undefined`: whatever there is. */
  readonly peers: readonly Peer[] | undefined;
  /** `undefined`: every port. */
  readonly ports: readonly PortRange[] | undefined;
}

export type Peer =
  | { readonly kind: 'block'; readonly cidr: string; readonly except: readonly string[] }
  /** `undefined` namespaces: those of the policy's own. */
  | { readonly kind: 'pods'; readonly namespaces: LabelSelector | undefined; readonly pods: LabelSelector | undefined };

/** Ports of TCP by number; one with a name is the port of a container, which is nothing outside. */
export type PortRange =
  | { readonly kind: 'numbers'; readonly first: number; readonly last: number }
  | { readonly kind: 'named' };

type Reading = EgressPolicy & { readonly selector: LabelSelector };

/** The policies that govern what pods with some labels send: none where they may send whatever they like. */
export function egressPoliciesOf(at: MeshCluster, namespace: string, labels: Labels): readonly EgressPolicy[] {
  const policies = readingsOf(at).get(namespace) ?? [];
  return policies.filter(({ selector }) => matchesSelector(selector, labels));
}

const readingsOf = oncePerObject(
  ({ cluster }: MeshCluster): ReadonlyMap<string, readonly Reading[]> =>
    groupBy(cluster.networkPolicies.flatMap(readEgress), ({ namespace }) => namespace),
);

function readEgress(object: ManifestObject): readonly Reading[] {
  if (!governsEgress(object)) return [];
  const namespace = namespaceOf(object);
  return [
    {
      name: keyOf({ namespace, name: object.name }),
      namespace,
      object,
      selector: podSelectorOf(object),
      rules: asArray(asObject(object.value.spec)?.egress).map((rule, index) =>
        readRule(object, index, asObject(rule) ?? {}),
      ),
    },
  ];
}

function readRule(object: ManifestObject, index: number, { to, ports }: JsonObject): EgressRule {
  const peers = asArray(to).map((peer, place) => readPeer(object, ['spec', 'egress', index, 'to', place], peer));
  const ranges = asArray(ports).flatMap(readPort);
  return {
    peers: peers.length === 0 ? undefined : peers,
    ports: asArray(ports).length === 0 ? undefined : ranges,
  };
}

function readPeer(object: ManifestObject, path: readonly (string | number)[], peer: JsonValue): Peer {
  const { ipBlock, namespaceSelector, podSelector } = asObject(peer) ?? {};
  const block = asObject(ipBlock);
  if (block !== undefined) return { kind: 'block', cidr: asText(block.cidr) ?? '', except: asTexts(block.except) };
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
  if (typeof port !== 'number') return [{ kind: 'named' }];
  return [{ kind: 'numbers', first: port, last: typeof endPort === 'number' ? endPort : port }];
}
