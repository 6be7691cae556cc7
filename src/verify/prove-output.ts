import type { Result } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved.js';
import type { Cluster, Topology } from '../topology/model.js';
import { isOwn } from './applied.js';
import { type BystanderFinding, proveBystanders } from './bystanders/prove-bystanders.js';
import { bystanderDiagnostics } from './bystanders/report.js';
import { unjudgedCrossings } from './crossing.js';
import type { Deployed } from './deployed.js';
import { type Mesh, readMesh } from './mesh.js';
import { type Proof, type ProofOptions, prove } from './proof/prove.js';
import { proofDiagnostics, type Surroundings } from './proof/report.js';

/** A proof, with what changes for those of whom the intents do not speak. */
export interface OutputProof extends Proof {
  readonly bystanders: readonly BystanderFinding[];
}

/** Proves that an output means what the intents say, once it is applied, and changes nothing else. */
export function proveOutput(resolved: Resolved, { given, mesh }: Deployed): Result<OutputProof> {
  const existing = new Set(given.map(({ object }) => object));
  const isEmitted = (object: ManifestObject) => !existing.has(object);
  const { value: proof, diagnostics } = proveMesh(resolved, mesh, {
    isExisting: (object) => existing.has(object),
    isEmitted,
  });
  const bystanders = proveBystanders(resolved, { before: pruned(resolved.topology), after: mesh });
  return {
    value: { ...proof, bystanders },
    diagnostics: [...diagnostics, ...bystanderDiagnostics(bystanders, isEmitted)],
  };
}

/** Proves that manifests mean what the intents say, whoever wrote them: none of them is excused for having been there. */
export function proveManifests(resolved: Resolved): Result<OutputProof> {
  const { value: mesh, diagnostics: refused } = readMesh(resolved.topology);
  const nobody = () => false;
  const { value: proof, diagnostics } = proveMesh(resolved, mesh, { isExisting: nobody, isEmitted: nobody });
  return { value: { ...proof, bystanders: [] }, diagnostics: [...refused, ...diagnostics] };
}

function proveMesh(
  resolved: Resolved,
  mesh: Mesh,
  { isExisting, isEmitted }: Pick<ProofOptions, 'isExisting'> & Pick<Surroundings, 'isEmitted'>,
): Result<Proof> {
  const proof = prove(mesh, resolved, { isExisting });
  const crossings = proof.workloads > 0 ? unjudgedCrossings(mesh) : [];
  const isOneOfMany = mesh.clusters.size > 1;
  return { value: proof, diagnostics: proofDiagnostics(proof, { crossings, isEmitted, isOneOfMany }) };
}

function pruned({ mesh, clusters }: Topology): Topology {
  const kept = (cluster: Cluster) => cluster.policies.filter((policy) => !isOwn(policy));
  return { mesh, clusters: clusters.map((cluster) => ({ ...cluster, policies: kept(cluster) })) };
}
