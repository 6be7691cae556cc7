import type { ManifestObject, Path } from '../../parse/document.js';
import { annotation, label } from '../../topology/labels.js';
import { type Binding, keyOf } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import type { MeshCluster } from '../mesh.js';
import { sidecarsOf } from '../paths/sidecar-scope.js';
import { type Doubt, named } from './doubt.js';

/** Lists of addresses behind Services without a selector. */
export function aboutEndpoints({ listedEndpoints }: MeshCluster): readonly Doubt[] {
  return listedEndpoints.map(({ object, path, service, ports }) => {
    const what = ports.length === 0 ? 'an address' : 'the port';
    return { object, path, what: `${what} in ${named(object)}`, places: [keyOf(service)] };
  });
}

/** Sidecar resources with listeners that applications address themselves, or an egress proxy (§2.9). */
export function aboutSidecars(mesh: MeshCluster): readonly Doubt[] {
  const workloads = [...mesh.cluster.workloads.values()].filter(({ mode }) => mode.plane === 'sidecar');
  return [...mesh.sidecars.values()].flat().flatMap((sidecar) => {
    const { object, egress, ingress, outbound } = sidecar;
    const place = (list: typeof egress | typeof ingress) => list.findIndex(({ isAddressed }) => isAddressed);
    const open: ReadonlyArray<readonly [boolean, Path]> = [
      [place(egress) >= 0, ['spec', 'egress', place(egress)]],
      [place(ingress) >= 0, ['spec', 'ingress', place(ingress)]],
      [outbound === 'egress proxy', ['spec', 'outboundTrafficPolicy', 'egressProxy']],
    ];
    const [path] = open.filter(([isOpen]) => isOpen).map(([, each]) => each);
    if (path === undefined) return [];
    const places = workloads.filter((workload) => sidecarsOf(mesh, workload).includes(sidecar)).map(keyOf);
    return [{ object, path, what: named(object), places }];
  });
}

/** Waypoints that ztunnel reaches in another way than by HBONE. */
export function aboutWaypoints({ cluster }: MeshCluster): readonly Doubt[] {
  const { services, workloads, waypoints } = cluster;
  const bearers: ReadonlyArray<{ readonly binding: Binding; readonly namespace: string; readonly name: string }> = [
    ...services.values(),
    ...workloads.values(),
  ];
  return [...waypoints].flatMap(([key, { reachedOtherwise: object }]) => {
    if (object === undefined) return [];
    const bound = bearers.filter(({ binding }) => binding.kind === 'bound' && binding.waypoint === key);
    const path = ['metadata', 'annotations', annotation.inboundBinding];
    return [{ object, path, what: `annotation \`${annotation.inboundBinding}\``, places: bound.map(keyOf) }];
  });
}

/** What is split between a waypoint and its canary (W-20). */
export function aboutCanaries({ cluster }: MeshCluster): readonly Doubt[] {
  if (cluster.settings.istio.version !== '1.31') return [];
  const bearers = [
    ...[...cluster.services.values()].map((service) => ({ ...service, path: [] as Path })),
    ...[...cluster.workloads.values()].map((workload) => ({ ...workload, path: podPath(workload.kind) })),
  ];
  const own = bearers
    .filter(({ labels }) => labels[label.waypointCanary] !== undefined)
    .map((bearer) => canary(bearer.object, bearer.path, [keyOf(bearer)]));
  const ofNamespaces = [...cluster.namespaces.values()].flatMap(({ name, labels, object }) =>
    object === undefined || labels[label.waypointCanary] === undefined
      ? []
      : [canary(object, [], bearers.filter(({ namespace }) => namespace === name).map(keyOf))],
  );
  return [...own, ...ofNamespaces];
}

function canary(object: ManifestObject, path: Path, places: readonly string[]): Doubt {
  const what = `label \`${label.waypointCanary}\``;
  return { object, path: [...path, 'metadata', 'labels', label.waypointCanary], what, places };
}
