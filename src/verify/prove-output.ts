import type { Result } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { Resolved } from '../resolve/resolved.js';
import { buildTopology, type ClusterObject } from '../topology/build-topology.js';
import { type AppliedFile, objectsAfterApply } from './applied.js';
import { asLabels, asObject } from './json.js';
import { readMesh } from './mesh.js';
import { type Proof, prove } from './prove.js';
import { proofDiagnostics } from './prove-report.js';

/** What is judged: what the intents say, and the deployment once the files are applied over it. */
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
  const after = objectsAfterApply(kept, files);
  const topology = buildTopology(resolved.topology.mesh, after.value);
  const mesh = readMesh(topology.value);
  const proof = prove(mesh.value, resolved, (object) => existing.has(object));
  const crossing = topology.value.clusters.length > 1 && proof.workloads > 0;
  return {
    value: proof,
    diagnostics: [...after.diagnostics, ...mesh.diagnostics, ...proofDiagnostics(proof, crossing)],
  };
}

const policyKinds: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'PeerAuthentication']);

function isOwnPolicy({ kind, value }: ManifestObject): boolean {
  const labels = asLabels(asObject(asObject(value.metadata)?.labels));
  return policyKinds.has(kind) && labels['app.kubernetes.io/managed-by'] === 'ambit';
}
