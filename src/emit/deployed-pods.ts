import type { PlannedDeployment } from '../resolve/planned-gateway.js';

/** How many pods Istio deploys, and how many an eviction may take. */
type DeployedPods = Pick<PlannedDeployment, 'replicas' | 'maxReplicas' | 'disruption'>;

/** What Istio merges into what it deploys for a Gateway, by the keys of its ConfigMap (W-43). */
export function podOverlays({ replicas, maxReplicas, disruption }: DeployedPods): Readonly<Record<string, string>> {
  // Where an autoscaler counts the pods, a number in the Deployment would be set back to at each change.
  const counted =
    maxReplicas === undefined
      ? replicas !== undefined && { deployment: `spec:\n  replicas: ${replicas}\n` }
      : {
          horizontalPodAutoscaler: `spec:\n  minReplicas: ${replicas ?? 1}\n  maxReplicas: ${maxReplicas}\n`,
        };
  return {
    ...counted,
    ...(disruption && { podDisruptionBudget: `spec:\n  ${disruption.bound}: ${disruption.pods}\n` }),
  };
}

/** The ConfigMap that a Gateway of Ambit's names for that. */
export function optionsName(gateway: string): string {
  return `${gateway}-options`;
}
