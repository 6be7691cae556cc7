import type { PlacedRouteRule } from '../../ir/placed-traffic.js';
import { externalWeights } from '../../parse/document.js';
import type { Provenance } from '../provenance.js';

type Routed = Pick<PlacedRouteRule, 'route'>;

/** What a route says of itself where a rollout controller changes its weights, for whoever judges it. */
export function weightAnnotations(rules: readonly Routed[]): Readonly<Record<string, string>> {
  return areExternal(rules) ? externalWeights : {};
}

/** The same for people, and for GitOps that would set the weights back. `field`: those weights, as jq writes them. */
export function weightComment(rules: readonly Routed[], field: string, provenance: Provenance): string[] {
  if (provenance === 'none' || !areExternal(rules)) return [];
  return [
    'weights: those to start with, which a rollout controller changes',
    `GitOps has to leave them alone: \`${field}\`, in Argo CD under \`ignoreDifferences\``,
  ];
}

function areExternal(rules: readonly Routed[]): boolean {
  return rules.some(({ route: { action } }) => action.kind === 'forward' && action.weights === 'External');
}
