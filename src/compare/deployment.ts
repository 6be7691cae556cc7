import { type ByNamespace, type Mesh, type MeshCluster, readMesh } from '../mesh/mesh.js';
import { readTlsSettings } from '../mesh/paths/tls-settings.js';
import type { PolicyForms } from '../mesh/policies/policy-forms.js';
import type { ManifestObject } from '../parse/document.js';
import type { Cluster, Topology } from '../topology/model.js';

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
export function changesOf({ before, after }: Deployment): readonly ClusterChange[] {
  const emitted = new Map([...after.clusters].map(([name, at]) => [name, new Set(at.cluster.policies)]));
  const isGone = ({ name }: Cluster) => {
    const kept = emitted.get(name);
    return (object: ManifestObject) => kept?.has(object) === false;
  };
  const gone = readMesh({
    ...before,
    clusters: before.clusters.map((cluster) => ({ ...cluster, policies: cluster.policies.filter(isGone(cluster)) })),
  }).value;
  return before.clusters.flatMap((cluster) => {
    const [at, lost] = [after.clusters.get(cluster.name), gone.clusters.get(cluster.name)];
    if (at === undefined || lost === undefined) return [];
    const hosts = differingHosts(readTlsSettings(cluster, before.mesh.clusterDomain), at.tlsSettings);
    return [{ before: cluster, after: at, policies: [withoutPolicies(at, new Set(cluster.policies)), lost], hosts }];
  });
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
