import type { PlacedNetworkPolicy, PlacedNetworkRule, PlacedPeer } from '../ir/placed-network-policy.js';
import type { JsonObject } from '../parse/document.js';
import type { Manifest } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

const fields = {
  ingress: { type: 'Ingress', peers: 'from' },
  egress: { type: 'Egress', peers: 'to' },
} as const;

/** What the network plugin lets pods send or be sent; a policy without a rule lets nothing through. */
export function networkPolicy(placed: PlacedNetworkPolicy, provenance: Provenance): Manifest {
  const { cluster, namespace, name, selector, direction, rules, purpose } = placed;
  const origins = distinct(placed.origins);
  return {
    cluster,
    phase: '40-guards',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: {
        podSelector: podSelector(selector),
        policyTypes: [fields[direction].type],
        [direction]: rules.map((rule) => ruleOf(rule, fields[direction].peers)),
      },
    },
    header: objectComment(purpose, origins, provenance),
    comments: rules.flatMap(({ why }, index) =>
      why.length === 0 ? [] : [{ path: ['spec', direction, index], lines: [...why] }],
    ),
    realises: origins.map(({ id }) => id),
  };
}

function podSelector({ matchLabels, matchExpressions }: PlacedNetworkPolicy['selector']): JsonObject {
  const expressions = matchExpressions.map(({ key, operator, values }) => ({
    key,
    operator,
    ...(values.length > 0 && { values: [...values] }),
  }));
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels: { ...matchLabels } }),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  };
}

function ruleOf({ peers, ports }: PlacedNetworkRule, field: 'from' | 'to'): JsonObject {
  return {
    ...(peers && { [field]: peers.map(peerOf) }),
    ...(ports && { ports: ports.map((port) => ({ protocol: 'TCP', port })) }),
  };
}

function peerOf(peer: PlacedPeer): JsonObject {
  if (peer.kind === 'block') return { ipBlock: { cidr: peer.cidr } };
  const { namespaces, labels } = peer;
  return {
    namespaceSelector: namespaces === undefined ? {} : { matchLabels: { ...namespaces } },
    ...(labels && { podSelector: { matchLabels: { ...labels } } }),
  };
}
