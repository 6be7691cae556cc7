import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { suggest } from '../../util/suggest.js';

/**
 * The one cluster that has a name: the chosen one where several have it. A name in several clusters without a choice is
 * an error, never the first of them.
 */
export function locate(
  mesh: Mesh,
  name: string,
  chosen: string | undefined,
  has: (cluster: MeshCluster) => boolean,
): Result<MeshCluster | undefined> {
  const found = [...mesh.clusters.values()].filter(has);
  const wanted = found.filter(({ cluster }) => cluster.name === chosen);
  const [first, ...others] = wanted.length > 0 ? wanted : found;
  if (others.length === 0) return { value: first, diagnostics: [] };
  const clusters = found.map(({ cluster }) => `\`${cluster.name}\``).join(' and ');
  const fault = diagnostic('name-in-several-clusters', { name, clusters, example: found[0]?.cluster.name ?? '' }, null);
  return { value: undefined, diagnostics: [fault] };
}

/** A cluster that is named must exist. */
export function checkCluster({ clusters }: Mesh, chosen: string | undefined): readonly Diagnostic[] {
  if (chosen === undefined || clusters.has(chosen)) return [];
  const names = [...clusters.keys()].map((name) => `\`${name}\``).join(', ');
  const [near] = suggest(chosen, clusters.keys());
  const help = near === undefined ? `the clusters are ${names}` : `did you mean \`${near}\`?`;
  return [diagnostic('unknown-cluster-name', { name: chosen }, null, { help })];
}
