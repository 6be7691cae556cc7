import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved.js';
import { type ClusterObject, readTopology } from '../topology/build-topology.js';
import type { Cluster, Topology } from '../topology/model.js';
import { type AppliedFile, isOwnPolicy, objectsAfterApply, withoutOwnPolicies } from './applied.js';
import { type BystanderFinding, proveBystanders } from './bystanders/prove-bystanders.js';
import { bystanderDiagnostics } from './bystanders/report.js';
import { unjudgedCrossings } from './crossing.js';
import { type Mesh, readMesh } from './mesh.js';
import { type Proof, type ProofOptions, prove } from './prove.js';
import { proofDiagnostics, type Surroundings } from './prove-report.js';

/** What is claimed: that the files, applied over what is given, mean what the intents say. */
export interface Claim {
  readonly resolved: Resolved;
  readonly given: readonly ClusterObject[];
  readonly files: readonly AppliedFile[];
}

/** A proof, with what changes for those of whom the intents do not speak. */
export interface OutputProof extends Proof {
  readonly bystanders: readonly BystanderFinding[];
}

/**
 * Proves that the written text means what the intents say, and changes nothing else. What Ambit wrote before and would no
 * longer write is taken as pruned; any other policy among the manifests stays and counts.
 */
export function proveOutput({ resolved, given, files }: Claim): Result<OutputProof> {
  const kept = withoutOwnPolicies(given);
  const existing = new Set(kept.map(({ object }) => object));
  const { value: objects, diagnostics } = objectsAfterApply(kept, files);
  const isExisting = (object: ManifestObject) => existing.has(object);
  const isEmitted = (object: ManifestObject) => !existing.has(object);
  const { mesh, proof, diagnostics: found } = proveObjects(resolved, objects, { isExisting, isEmitted });
  const bystanders = proveBystanders(resolved, { before: pruned(resolved.topology), after: mesh });
  return {
    value: { ...proof, bystanders },
    diagnostics: [...diagnostics, ...found, ...bystanderDiagnostics(bystanders, isEmitted)],
  };
}

/** Proves that manifests mean what the intents say, whoever wrote them: none of them is excused for having been there. */
export function proveManifests(resolved: Resolved, objects: readonly ClusterObject[]): Result<OutputProof> {
  const nobody = () => false;
  const { proof, diagnostics } = proveObjects(resolved, objects, { isExisting: nobody, isEmitted: nobody });
  return { value: { ...proof, bystanders: [] }, diagnostics };
}

function proveObjects(
  resolved: Resolved,
  objects: readonly ClusterObject[],
  { isExisting, isEmitted }: Pick<ProofOptions, 'isExisting'> & Pick<Surroundings, 'isEmitted'>,
): { readonly mesh: Mesh; readonly proof: Proof; readonly diagnostics: readonly Diagnostic[] } {
  const topology = readTopology(resolved.topology.mesh, objects);
  const { value: mesh, diagnostics } = readMesh(topology);
  const proof = prove(mesh, resolved, { isExisting });
  const crossings = proof.workloads > 0 ? unjudgedCrossings(mesh) : [];
  return { mesh, proof, diagnostics: [...diagnostics, ...proofDiagnostics(proof, { crossings, isEmitted })] };
}

function pruned({ mesh, clusters }: Topology): Topology {
  const kept = (cluster: Cluster) => cluster.policies.filter((policy) => !isOwnPolicy(policy));
  return { mesh, clusters: clusters.map((cluster) => ({ ...cluster, policies: kept(cluster) })) };
}
