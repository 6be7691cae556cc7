import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import type { ClusterSettings, MeshSettings } from '../parse/mesh.js';
import type { ClusterObject } from '../topology/build-topology.js';
import type { Report } from '../topology/fields.js';
import { groupBy } from '../util/order.js';
import { contradiction } from './contradictions.js';
import type { Voice } from './facts.js';
import { voiceOfDocument } from './mesh-document.js';
import { type SettledCluster, settleCluster } from './settle-cluster.js';

/**
 * The settings of a mesh, with what its manifests say of the Istio that is installed filled in: its MeshConfig, its istiod,
 * its operators. What the Mesh document says must agree with them.
 */
export function settleMesh(declared: MeshSettings, objects: readonly ClusterObject[]): Result<MeshSettings> {
  const diagnostics: Diagnostic[] = [];
  const mesh = settled(declared, objects, voiceOfDocument, (found) => diagnostics.push(found));
  const assumed = declared.document === undefined ? [assumedMesh(mesh)] : [];
  return { value: mesh, diagnostics: [...assumed, ...inTextOrder(diagnostics)] };
}

/**
 * The settings that clusters have, whatever they were told to have: by what is in them, and else as they were told. Only
 * which revision is meant nobody but the Mesh document says.
 */
export function settingsInClusters(told: MeshSettings, objects: readonly ClusterObject[]): Result<MeshSettings> {
  const diagnostics: Diagnostic[] = [];
  const meant = (mesh: MeshSettings, cluster: ClusterSettings): Voice => {
    const { revision } = voiceOfDocument(mesh, cluster).facts;
    return { revision: undefined, facts: { revision }, flags: new Map() };
  };
  const value = settled(told, objects, meant, (found) => diagnostics.push(found));
  return { value, diagnostics: inTextOrder(diagnostics) };
}

function assumedMesh({ clusters, trustDomain }: MeshSettings): Diagnostic {
  return diagnostic('no-mesh', { version: clusters[0]?.istio.version ?? '', trustDomain }, null);
}

function settled(
  mesh: MeshSettings,
  objects: readonly ClusterObject[],
  declaredOf: typeof voiceOfDocument,
  report: Report,
): MeshSettings {
  const byCluster = groupBy(objects, ({ cluster }) => cluster);
  const found = mesh.clusters.map((settings) => {
    const own = (byCluster.get(settings.name) ?? []).map(({ object }) => object);
    return settleCluster(mesh, settings, declaredOf(mesh, settings), own, report);
  });
  const spoken = found.flatMap((cluster) => cluster ?? []);
  if (spoken.length === 0) return mesh;
  const clusters = mesh.clusters.map((settings, index) => found[index]?.settings ?? settings);
  const [only] = clusters.length === 1 ? clusters : [];
  return {
    ...mesh,
    ...ofMesh('rootNamespace', spoken, report),
    ...ofMesh('clusterDomain', spoken, report),
    trustDomain: only?.trustDomain ?? mesh.trustDomain,
    clusters,
  };
}

/** What is for the whole mesh the clusters must say alike. */
function ofMesh(fact: 'rootNamespace' | 'clusterDomain', clusters: readonly SettledCluster[], report: Report) {
  const [first, ...others] = clusters.flatMap((cluster) => {
    const said = cluster[fact];
    return said === undefined ? [] : [said];
  });
  if (first === undefined) return {};
  for (const other of others) if (other.value !== first.value) report(contradiction(fact, first, other));
  return { [fact]: first.value };
}
