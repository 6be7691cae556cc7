import type { Result } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved.js';
import { type ClusterObject, readTopology } from '../topology/build-topology.js';
import { type AppliedFile, objectsAfterApply } from './applied.js';
import { asLabels, asObject } from './json.js';
import { readMesh } from './mesh.js';
import { type Proof, type ProofOptions, prove } from './prove.js';
import { proofDiagnostics, type Surroundings } from './prove-report.js';

/** What is claimed: that the files, applied over what is given, mean what the intents say. */
export interface Claim {
  readonly resolved: Resolved;
  readonly given: readonly ClusterObject[];
  readonly files: readonly AppliedFile[];
}

/**
 * Proves that the written text means what the intents say. What Ambit wrote before and would no longer write is taken as
 * pruned; any other policy among the manifests stays and counts.
 */
export function proveOutput({ resolved, given, files }: Claim): Result<Proof> {
  const kept = given.filter(({ object }) => !isOwnPolicy(object));
  const existing = new Set(kept.map(({ object }) => object));
  const { value: objects, diagnostics } = objectsAfterApply(kept, files);
  const isExisting = (object: ManifestObject) => existing.has(object);
  const proof = proveObjects(resolved, objects, { isExisting, isEmitted: (object) => !existing.has(object) });
  return { value: proof.value, diagnostics: [...diagnostics, ...proof.diagnostics] };
}

/** Proves that manifests mean what the intents say, whoever wrote them: none of them is excused for having been there. */
export function proveManifests(resolved: Resolved, objects: readonly ClusterObject[]): Result<Proof> {
  return proveObjects(resolved, objects, { isExisting: () => false, isEmitted: () => false });
}

function proveObjects(
  resolved: Resolved,
  objects: readonly ClusterObject[],
  { isExisting, isEmitted }: Pick<ProofOptions, 'isExisting'> & Pick<Surroundings, 'isEmitted'>,
): Result<Proof> {
  const topology = readTopology(resolved.topology.mesh, objects);
  const mesh = readMesh(topology);
  const proof = prove(mesh.value, resolved, { isExisting });
  const crossing = topology.clusters.length > 1 && proof.workloads > 0;
  return { value: proof, diagnostics: [...mesh.diagnostics, ...proofDiagnostics(proof, { crossing, isEmitted })] };
}

const policyKinds: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'PeerAuthentication']);

function isOwnPolicy({ kind, value }: ManifestObject): boolean {
  const labels = asLabels(asObject(asObject(value.metadata)?.labels));
  return policyKinds.has(kind) && labels['app.kubernetes.io/managed-by'] === 'ambit';
}
