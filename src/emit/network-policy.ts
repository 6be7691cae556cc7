import type { PlacedEgressRule, PlacedNetworkPolicy } from '../ir/placed-network-policy.js';
import type { JsonObject } from '../parse/document.js';
import type { Manifest } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

/** What the network plugin lets pods send; a policy without a rule lets nothing out. */
export function networkPolicy(placed: PlacedNetworkPolicy, provenance: Provenance): Manifest {
  const { cluster, namespace, name, selector, egress, purpose } = placed;
  const origins = distinct(placed.origins);
  return {
    cluster,
    phase: '40-guards',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: { podSelector: podSelector(selector), policyTypes: ['Egress'], egress: egress.map(ruleOf) },
    },
    header: objectComment(purpose, origins, provenance),
    comments: [],
    realises: origins.map(({ id }) => id),
  };
}

export function podSelector({ matchLabels, matchExpressions }: PlacedNetworkPolicy['selector']): JsonObject {
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

function ruleOf(rule: PlacedEgressRule): JsonObject {
  if (rule.kind !== 'blocks') return rule.kind === 'pods' ? { to: [{ namespaceSelector: {} }] } : {};
  return {
    to: rule.blocks.map((cidr) => ({ ipBlock: { cidr } })),
    ports: rule.ports.map((port) => ({ protocol: 'TCP', port })),
  };
}
