import { type ManifestObject, saysExternalWeights } from '../../parse/document.js';
import { oncePerObject } from '../../util/once.js';
import { namespaceOf } from '../fields.js';
import type { Cluster, Workload } from '../model.js';
import { type ArgoRollout, isRollout, readRollout } from './argo-rollout.js';
import { type FlaggerCanary, isCanary, readCanary } from './flagger-canary.js';

/** What changes the weights of routes while a mesh runs. */
export interface WeightControllers {
  readonly rollouts: readonly ArgoRollout[];
  readonly canaries: readonly FlaggerCanary[];
}

export const weightControllers: (cluster: Cluster) => WeightControllers = oncePerObject(({ rollouts }) => ({
  rollouts: rollouts.filter(isRollout).map(readRollout),
  canaries: rollouts.filter(isCanary).flatMap((object) => readCanary(object) ?? []),
}));

/** The Rollout that makes the pods of a workload; it tells their versions apart by a label that it adds to them. */
export function rolloutOf(cluster: Cluster, { namespace, kind, object }: Workload): ArgoRollout | undefined {
  return weightControllers(cluster).rollouts.find(
    (rollout) =>
      rollout.object === object ||
      (kind === 'Deployment' && rollout.deployment === object.name && namespaceOf(rollout.object) === namespace),
  );
}

/** Whoever changes the weights of a route, as far as manifests tell. */
export interface WeightController {
  readonly tool: 'Argo Rollouts' | 'Flagger';
  /** `Rollout shop/web`. */
  readonly name: string;
  /** Rules by their names; none: every one that leads to several places. */
  readonly rules: readonly string[];
}

/** By what a Rollout or a Canary names, or by the owner that the route itself names. */
export function controllerOf(cluster: Cluster, route: ManifestObject): WeightController | undefined {
  const { rollouts, canaries } = weightControllers(cluster);
  const isIt = (other: { readonly kind: string; readonly namespace: string; readonly name: string }) =>
    other.kind === route.kind && other.namespace === namespaceOf(route) && other.name === route.name;
  const canary = canaries.find(
    ({ namespace, service, writesRoutes }) => writesRoutes && isIt({ kind: route.kind, namespace, name: service }),
  );
  if (canary) return { tool: 'Flagger', name: `Canary ${canary.namespace}/${canary.object.name}`, rules: [] };
  for (const { object, routes } of rollouts) {
    const named = routes.filter(isIt);
    const rules = named.some((each) => each.rules.length === 0) ? [] : named.flatMap((each) => each.rules);
    const name = `Rollout ${namespaceOf(object)}/${object.name}`;
    if (named.length > 0) return { tool: 'Argo Rollouts', name, rules };
  }
  return ownerOf(route);
}

/** Flagger says so of what it has made. */
function ownerOf(route: ManifestObject): WeightController | undefined {
  const { ownerReferences, labels } = Object(route.value.metadata);
  const owners: readonly unknown[] = Array.isArray(ownerReferences) ? ownerReferences : [];
  const canary = owners.map(Object).find(({ kind }) => kind === 'Canary');
  if (canary) return { tool: 'Flagger', name: `Canary ${namespaceOf(route)}/${canary.name}`, rules: [] };
  const isFlaggers = Object(labels)['app.kubernetes.io/managed-by'] === 'flagger';
  return isFlaggers ? { tool: 'Flagger', name: 'a Canary', rules: [] } : undefined;
}

/** Whether the weights of a rule are those to start with alone; `name` is the rule's. */
export function hasExternalWeights(cluster: Cluster, route: ManifestObject, name: string | undefined): boolean {
  if (saysExternalWeights(route)) return true;
  const controller = controllerOf(cluster, route);
  return controller !== undefined && (controller.rules.length === 0 || controller.rules.includes(name ?? ''));
}
