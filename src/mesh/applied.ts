import type { Result } from '../diagnostics/diagnostic.js';
import { isManaged, type ManifestObject } from '../parse/document.js';
import type { MeshSettings } from '../parse/mesh.js';
import type { Wanted } from '../parse/outline.js';
import { readObjects } from '../parse/read-objects.js';
import { readYaml } from '../parse/read-yaml.js';
import { allObjects, type ClusterObject, type ObjectsByCluster, sortOut } from '../topology/objects-by-namespace.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { overlay } from './overlay.js';

/** A text that is applied, below the directory of its cluster: `<cluster>/…`. */
export interface AppliedFile {
  readonly path: string;
  readonly text: string;
}

/** The files of the clusters that a mesh has: what else lies in an output directory belongs to none of them. */
export function ofClusters<T extends AppliedFile>(files: readonly T[], { clusters }: MeshSettings): readonly T[] {
  const names = new Set(clusters.map(({ name }) => name));
  return files.filter(({ path }) => names.has(clusterOf(path)));
}

function clusterOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

/** A policy, a waypoint or a Sidecar of Ambit's, and what else it prunes. */
export function isOwn(object: ManifestObject): boolean {
  return ownKinds.has(object.kind) && isManaged(object);
}

const ownKinds: ReadonlySet<string> = new Set([
  'AuthorizationPolicy',
  'PeerAuthentication',
  'Telemetry',
  'EnvoyFilter',
  'Gateway',
  'Sidecar',
  'NetworkPolicy',
]);

/**
 * The objects of a deployment after an output is applied over them. It is the text that counts, so it is read back. What
 * an earlier output held is pruned, also by one that holds nothing.
 */
export function objectsAfterApply(
  given: readonly ClusterObject[],
  files: readonly AppliedFile[],
  isWanted?: Wanted,
  recall: Recall = computeAnew,
): Result<readonly ClusterObject[]> {
  const { value, diagnostics } = clustersAfterApply(given, files, isWanted, recall);
  return { value: allObjects(value), diagnostics };
}

/** The same, cluster by cluster and namespace by namespace. */
export function clustersAfterApply(
  given: readonly ClusterObject[],
  files: readonly AppliedFile[],
  isWanted: Wanted | undefined,
  recall: Recall,
): Result<ObjectsByCluster> {
  const { value: emitted, diagnostics } = recall('what is applied', '', [isWanted, ...files], () => {
    const read = files.map((file) =>
      recall('applied', file.path, [isWanted, file.text], () => readApplied(file, isWanted)),
    );
    return {
      value: sortOut(
        read.flatMap(({ value }) => value),
        recall,
      ),
      diagnostics: read.flatMap((each) => each.diagnostics),
    };
  });
  return { value: overlay(withoutOwn(sortOut(given, recall)), emitted, recall), diagnostics };
}

/** A deployment without what Ambit wrote before: what it would no longer write is taken as pruned. */
const withoutOwn = oncePerObject(
  (clusters: ObjectsByCluster): ObjectsByCluster =>
    new Map(
      [...clusters].map(([cluster, homes]) => [
        cluster,
        new Map([...homes].map(([home, objects]) => [home, keptOf(objects)])),
      ]),
    ),
);

const keptOf = oncePerObject((objects: readonly ManifestObject[]) =>
  objects.some(isOwn) ? objects.filter((object) => !isOwn(object)) : objects,
);

function readApplied({ path, text }: AppliedFile, isWanted: Wanted | undefined): Result<readonly ClusterObject[]> {
  const documents = readYaml({ path, text }, 'manifest', isWanted);
  const objects = readObjects(documents.value);
  return {
    value: objects.value.map((object) => ({ cluster: clusterOf(path), object })),
    diagnostics: [...documents.diagnostics, ...objects.diagnostics],
  };
}
