import type { Result } from '../diagnostics/diagnostic.js';
import { isManaged, type ManifestObject } from '../parse/document.js';
import type { MeshSettings } from '../parse/mesh.js';
import type { Wanted } from '../parse/outline.js';
import { readObjects } from '../parse/read-objects.js';
import { readYaml } from '../parse/read-yaml.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { groupBy } from '../util/order.js';
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
  return { value: [...value.values()].flat(), diagnostics };
}

/** The same, cluster by cluster. */
export function clustersAfterApply(
  given: readonly ClusterObject[],
  files: readonly AppliedFile[],
  isWanted: Wanted | undefined,
  recall: Recall,
): Result<ReadonlyMap<string, readonly ClusterObject[]>> {
  const left = keptByCluster(given);
  const applied = groupBy(files, ({ path }) => clusterOf(path));
  const clusters = [...new Set([...left.keys(), ...applied.keys()])].map((name) => {
    const [before, after] = [left.get(name) ?? [], applied.get(name) ?? []];
    const stands = recall(`what stands in ${name}`, [before.length, ...before, ...after], () => {
      const read = after.map((file) => recall(`applied ${file.path}`, [file.text], () => readApplied(file, isWanted)));
      const emitted = read.flatMap(({ value }) => value);
      return {
        value: overlay(before, emitted, recall),
        diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
      };
    });
    return { name, ...stands };
  });
  return {
    value: new Map(clusters.map(({ name, value }) => [name, value])),
    diagnostics: clusters.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** A deployment without what Ambit wrote before: what it would no longer write is taken as pruned. */
const keptByCluster = oncePerObject((given: readonly ClusterObject[]) =>
  groupBy(
    given.filter(({ object }) => !isOwn(object)),
    ({ cluster }) => cluster,
  ),
);

function readApplied({ path, text }: AppliedFile, isWanted: Wanted | undefined): Result<readonly ClusterObject[]> {
  const documents = readYaml({ path, text }, 'manifest', isWanted);
  const objects = readObjects(documents.value);
  return {
    value: objects.value.map((object) => ({ cluster: clusterOf(path), object })),
    diagnostics: [...documents.diagnostics, ...objects.diagnostics],
  };
}
