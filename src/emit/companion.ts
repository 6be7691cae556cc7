import type { PlacedCompanion, PlacedIngressRule, PlacedPeer } from '../ir/placed-companion.js';
import type { JsonObject } from '../parse/document.js';
import type { Manifest } from './manifest.js';
import { podSelector } from './network-policy.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

/** Whom the network plugin lets send to pods; a policy without a rule lets nobody in. */
export function companion(placed: PlacedCompanion, provenance: Provenance): Manifest {
  const { cluster, namespace, name, selector, ingress, purpose } = placed;
  const origins = distinct(placed.origins);
  return {
    cluster,
    phase: '40-guards',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: { podSelector: podSelector(selector), policyTypes: ['Ingress'], ingress: ingress.map(ruleOf) },
    },
    header: objectComment(purpose, origins, provenance),
    comments: ingress.map(({ why }, index) => ({ path: ['spec', 'ingress', index], lines: [...why] })),
    realises: origins.map(({ id }) => id),
  };
}

function ruleOf({ peers, ports }: PlacedIngressRule): JsonObject {
  return {
    ...(peers && { from: peers.map(peerOf) }),
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
