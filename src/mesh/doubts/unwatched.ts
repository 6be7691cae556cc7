import type { MeshCluster } from '../mesh.js';

/**
 * Why it is not known what holds for the pods of a namespace, where that is so: of a namespace that istiod does not watch it
 * knows neither pods nor Services (§9.2).
 */
export function doubtAboutNamespace({ cluster }: Pick<MeshCluster, 'cluster'>, namespace: string): string | undefined {
  if (cluster.settings.istio.discoverySelectors.length === 0) return undefined;
  const isWatched = cluster.namespaces.get(namespace)?.isWatched;
  if (isWatched) return undefined;
  return isWatched === false
    ? `what holds in namespace \`${namespace}\`, which istiod does not watch (§9.2)`
    : `whether istiod watches namespace \`${namespace}\`, whose labels are not given`;
}
