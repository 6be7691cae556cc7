import type { Cluster } from '../topology/model.js';

/** Whether the manifests tell what is in a namespace: where they do not, what is missing there is not known to be. */
export function isGiven({ namespaces, services, workloads }: Cluster, namespace: string): boolean {
  const isIn = (each: { readonly namespace: string }) => each.namespace === namespace;
  return (
    namespaces.get(namespace)?.object !== undefined ||
    [...services.values()].some(isIn) ||
    [...workloads.values()].some(isIn)
  );
}
