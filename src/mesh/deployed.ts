import type { Result } from '../diagnostics/diagnostic.js';
import type { MeshSettings } from '../parse/mesh.js';
import { readTopologyOf } from '../topology/build-topology.js';
import { allObjects, type ClusterObject } from '../topology/objects-by-namespace.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { once } from '../util/once.js';
import { type AppliedFile, clustersAfterApply } from './applied.js';
import { type Mesh, readMesh } from './mesh.js';

/** A deployment as it will be once an output is applied: read once, whoever judges it. */
export interface Deployed {
  readonly settings: MeshSettings;
  readonly given: readonly ClusterObject[];
  readonly objects: readonly ClusterObject[];
  readonly mesh: Mesh;
  /** The paths of the files that are applied. */
  readonly applied: ReadonlySet<string>;
}

/**
 * Applies an output over the given manifests. Policies and waypoints that Ambit wrote before and would no longer write are
 * taken as pruned; any other stays and counts. It is the text that counts, so it is read back.
 */
export function deploy(
  settings: MeshSettings,
  given: readonly ClusterObject[],
  files: readonly AppliedFile[],
  recall: Recall = computeAnew,
): Result<Deployed> {
  const { value: clusters, diagnostics } = clustersAfterApply(given, files, undefined, recall);
  const { value: mesh, diagnostics: refused } = readMesh(readTopologyOf(settings, clusters, recall), recall);
  // Most who judge a deployment ask for neither.
  const objects = once(() => allObjects(clusters));
  const applied = once(() => new Set(files.map(({ path }) => path)));
  return {
    value: {
      ...{ settings, given, mesh },
      get objects() {
        return objects();
      },
      get applied() {
        return applied();
      },
    },
    diagnostics: [...diagnostics, ...refused],
  };
}
