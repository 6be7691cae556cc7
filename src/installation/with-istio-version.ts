import type { IstioVersion, MeshSettings } from '../parse/mesh.js';

/** A mesh as it would be if every cluster had one version of Istio. */
export function withIstioVersion(mesh: MeshSettings, version: IstioVersion | undefined): MeshSettings {
  if (version === undefined) return mesh;
  const upgraded = mesh.clusters.map((cluster) => ({ ...cluster, istio: { ...cluster.istio, version } }));
  return { ...mesh, clusters: upgraded };
}
