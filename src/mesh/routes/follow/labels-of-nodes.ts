import type { Labels } from '../../../topology/model.js';

/** Labels that istiod adds to pods from their nodes and their cluster. It adds none that is empty. */
export const labelsOfNodes: readonly string[] = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
  'topology.istio.io/cluster',
  'topology.istio.io/network',
  'kubernetes.io/hostname',
];

/** What is asked of the pods themselves: the rest no manifest tells. */
export function withoutLabelsOfNodes(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => value === '' || !labelsOfNodes.includes(name)),
  );
}
