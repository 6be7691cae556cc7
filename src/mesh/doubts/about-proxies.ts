import { label } from '../../topology/labels.js';
import { keyOf } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';
import { openSettings } from '../paths/capture.js';
import { attaches } from '../policies/attach.js';
import { foreignPoliciesAt } from '../policies/foreign-policies.js';
import { type Doubt, named, namesOf, placesOf } from './doubt.js';

/** What changes proxies from the side (§2.8). */
export function aboutExtensions(mesh: MeshCluster): readonly Doubt[] {
  if (mesh.extensions.length === 0) return [];
  const envoys = placesOf(mesh).filter(({ point }) => point.kind !== 'ztunnel');
  return mesh.extensions.map((extension) => {
    const { object, what = named(object), inbound, atGateway, outbound } = extension;
    const path = (inbound ?? atGateway ?? outbound)?.path ?? [];
    return { object, path, what, places: namesOf(envoys, (point) => attaches(extension, point, mesh)) };
  });
}

/** What pods say of their sidecars (§2.8). */
export function aboutPods({ cluster }: MeshCluster): readonly Doubt[] {
  return [...cluster.workloads.values()]
    .filter(({ mode }) => mode.plane === 'sidecar')
    .flatMap((workload) =>
      openSettings(workload).map(({ path, what }) => ({
        object: workload.object,
        path,
        what,
        places: [keyOf(workload)],
      })),
    );
}

/** Policies that name another revision than the cluster's (E-30). */
export function aboutForeignPolicies(mesh: MeshCluster): readonly Doubt[] {
  if (mesh.foreign.size === 0) return [];
  const places = placesOf(mesh);
  return [...mesh.foreign.values()].flat().map((policy) => ({
    object: policy.object,
    path: ['metadata', 'labels', label.revision],
    what: `${named(policy.object)} of revision \`${policy.revision}\``,
    places: namesOf(places, (point) => foreignPoliciesAt(point, mesh).includes(policy)),
  }));
}

/** Workloads on another network, and machines of another revision. */
export function aboutWorkloads({ openWorkloads, cluster }: MeshCluster): readonly Doubt[] {
  return [...openWorkloads].flatMap(([key, { what, path }]) => {
    const workload = cluster.workloads.get(key);
    return workload === undefined ? [] : [{ object: workload.object, path, what, places: [key] }];
  });
}
