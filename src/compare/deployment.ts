import { type ByNamespace, type Mesh, type MeshCluster, readMesh } from '../mesh/mesh.js';
import { readTlsSettings } from '../mesh/paths/tls-settings.js';
import type { PolicyForms } from '../mesh/policies/policy-forms.js';
import type { ManifestObject } from '../parse/document.js';
import type { Cluster, Topology } from '../topology/model.js';
import { computeAnew, type Recall } from '../util/memory.js';

/** A deployment before and after an output is applied. */
export interface Deployment {
  readonly before: Topology;
  readonly after: Mesh;
}

/** One of its clusters, with what differs and does not show in a single workload. */
export interface ClusterChange {
  readonly before: Cluster;
  readonly after: MeshCluster;
  /** The cluster after, and the one before, each with those of its policies alone that the other does not have. */
  readonly policies: readonly MeshCluster[];
  /** Hosts towards which TLS is set otherwise. */
  readonly hosts: ReadonlySet<string>;
}

/** What differs in each cluster. Policies are looked at one by one, and read only where they are gone. */
export function changesOf({ before, after }: Deployment, recall: Recall = computeAnew): readonly ClusterChange[] {
  const gone = before.clusters.map((cluster) => {
    const kept = after.clusters.get(cluster.name)?.cluster.policies;
    return withPolicies(cluster, kept === undefined ? [] : without(cluster.policies, kept), recall);
  });
  const lostIn = readMesh({ ...before, clusters: gone }, recall).value;
  return before.clusters.flatMap((cluster) => {
    const [at, lost] = [after.clusters.get(cluster.name), lostIn.clusters.get(cluster.name)];
    if (at === undefined || lost === undefined) return [];
    return [recall('what changes in', cluster.name, [cluster, at, lost], () => changeOf(cluster, at, lost))];
  });
}

function without(all: readonly ManifestObject[], kept: readonly ManifestObject[]): readonly ManifestObject[] {
  const known = new Set(kept);
  return all.filter((object) => !known.has(object));
}

function withPolicies(cluster: Cluster, policies: readonly ManifestObject[], recall: Recall): Cluster {
  return recall('the policies that are gone from', cluster.name, [cluster, ...policies], () => ({
    ...cluster,
    policies,
  }));
}

function changeOf(before: Cluster, after: MeshCluster, lost: MeshCluster): ClusterChange {
  const hosts = differingHosts(readTlsSettings(before, after.clusterDomain), after.tlsSettings);
  return { before, after, policies: [withoutPolicies(after, new Set(before.policies)), lost], hosts };
}

function withoutPolicies(at: MeshCluster, known: ReadonlySet<ManifestObject>): MeshCluster {
  const isNew = ({ object }: { readonly object: ManifestObject }) => !known.has(object);
  return {
    ...at,
    authorization: only(at.authorization, ({ policy }: PolicyForms) => isNew(policy)),
    peerAuthentication: only(at.peerAuthentication, isNew),
    requestAuthentication: only(at.requestAuthentication, isNew),
  };
}

function only<T>(policies: ByNamespace<T>, isMeant: (policy: T) => boolean): ByNamespace<T> {
  const left = [...policies].map(([namespace, all]) => [namespace, all.filter(isMeant)] as const);
  return new Map(left.filter(([, some]) => some.length > 0));
}

function differingHosts(before: MeshCluster['tlsSettings'], after: MeshCluster['tlsSettings']): ReadonlySet<string> {
  const hosts = [...new Set([...before.keys(), ...after.keys()])];
  return new Set(hosts.filter((host) => JSON.stringify(before.get(host)) !== JSON.stringify(after.get(host))));
}
