import type { Resolved } from '../resolve/resolved.js';
import { type Cluster, keyOf, type Mode, type Workload } from '../topology/model.js';
import { newcomerDemand } from './intents/demands.js';
import type { Mesh, MeshCluster } from './mesh.js';
import type { Subject } from './prove-key.js';

/** Workloads that no manifest shows, and the mesh with them in it. */
export interface Newcomers {
  readonly mesh: Mesh;
  readonly subjects: readonly Subject[];
}

/**
 * One workload on each plane in every namespace of which settings speak as a whole, and in one that nobody has made yet
 * where settings speak of the mesh. Its labels are nobody's, so that only defaults hold for it: they must close it.
 */
export function newcomersTo(mesh: Mesh, resolved: Resolved): Newcomers {
  const given = new Map(resolved.topology.clusters.map((cluster) => [cluster.name, cluster]));
  const demandOf = newcomerDemand(resolved);
  const arrivals = [...mesh.clusters.values()].flatMap((at) => {
    const before = given.get(at.cluster.name);
    const workloads = before === undefined ? [] : arrivalsIn(at, namespacesOf(resolved, before));
    return before === undefined || workloads.length === 0
      ? []
      : [{ at: withWorkloads(at, workloads), before, workloads }];
  });
  const clusters = new Map([...mesh.clusters, ...arrivals.map(({ at }) => [at.cluster.name, at] as const)]);
  return {
    mesh: { ...mesh, clusters },
    subjects: arrivals.flatMap(({ at, before, workloads }) =>
      workloads.map((workload) => ({ demand: demandOf(workload), given: before, at, workload })),
    ),
  };
}

/** A namespace of this name cannot exist. */
const nowhere = 'any other namespace';

function namespacesOf({ defaults, mtls }: Resolved, { namespaces }: Cluster): readonly string[] {
  const scopes = [
    ...defaults.filter(({ value }) => value === 'Deny'),
    ...mtls.filter(({ value }) => value === 'Strict'),
  ].map(({ scope }) => scope);
  const named = scopes.flatMap((scope) => (scope.kind === 'namespace' ? [scope.namespace] : []));
  const unnamed = scopes.some(({ kind }) => kind === 'mesh') ? [nowhere] : [];
  return [...new Set([...named.filter((name) => namespaces.has(name)), ...unnamed])];
}

function arrivalsIn({ cluster }: MeshCluster, namespaces: readonly string[]): readonly Workload[] {
  const [like] = cluster.workloads.values();
  if (like === undefined) return [];
  const because = 'nobody has deployed it yet';
  const modes: readonly Mode[] = [
    { plane: 'ambient', hbone: true, because, fact: '' },
    { plane: 'sidecar', hbone: cluster.settings.istio.sidecarsListenHbone, because, fact: '' },
  ];
  return namespaces.flatMap((namespace) =>
    modes.map((mode) => ({
      ...like,
      namespace,
      name: `a new ${mode.plane} workload`,
      labels: {},
      annotations: {},
      serviceAccount: 'any-other',
      hostNetwork: false,
      ports: [],
      mode,
      services: [],
      binding: { kind: 'unlabelled' },
    })),
  );
}

function withWorkloads(at: MeshCluster, workloads: readonly Workload[]): MeshCluster {
  const all = new Map([...at.cluster.workloads, ...workloads.map((workload) => [keyOf(workload), workload] as const)]);
  return { ...at, cluster: { ...at.cluster, workloads: all } };
}
