import type { ManifestObject, Path } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { keyOf } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { sortedUnique } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { openSettings } from '../paths/capture.js';
import { attaches, type Point } from '../policies/attach.js';
import { foreignPoliciesAt } from '../policies/foreign-policies.js';

/** Something in a manifest that may change who gets in, and that the model reads no further. */
export interface Doubt {
  readonly object: ManifestObject;
  readonly path: Path;
  /** The object, or its field, in words. */
  readonly what: string;
  /** The workloads, Services, waypoints and gateways that it concerns, by name, sorted. */
  readonly places: readonly string[];
}

/** Every doubt about a cluster, whoever calls. */
export function doubtsIn(mesh: MeshCluster): readonly Doubt[] {
  const finders = [aboutExtensions, aboutPods, aboutForeignPolicies, aboutEndpoints, aboutNetworks];
  return finders.flatMap((find) => find(mesh)).filter(({ places }) => places.length > 0);
}

function aboutExtensions(mesh: MeshCluster): readonly Doubt[] {
  if (mesh.extensions.length === 0) return [];
  const envoys = placesOf(mesh).filter(({ point }) => point.kind !== 'ztunnel');
  return mesh.extensions.map((extension) => {
    const { object, inbound, atGateway, outbound } = extension;
    const path = (inbound ?? atGateway ?? outbound)?.path ?? [];
    return { object, path, what: named(object), places: namesOf(envoys, (point) => attaches(extension, point, mesh)) };
  });
}

function aboutPods({ cluster }: MeshCluster): readonly Doubt[] {
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

function aboutForeignPolicies(mesh: MeshCluster): readonly Doubt[] {
  if (mesh.foreign.size === 0) return [];
  const places = placesOf(mesh);
  return [...mesh.foreign.values()].flat().map((policy) => ({
    object: policy.object,
    path: ['metadata', 'labels', label.revision],
    what: `${named(policy.object)} of revision \`${policy.revision}\``,
    places: namesOf(places, (point) => foreignPoliciesAt(point, mesh).includes(policy)),
  }));
}

function aboutEndpoints({ listedEndpoints }: MeshCluster): readonly Doubt[] {
  return listedEndpoints.map(({ object, path, service, ports }) => {
    const what = ports.length === 0 ? 'an address' : 'the port';
    return { object, path, what: `${what} in ${named(object)}`, places: [keyOf(service)] };
  });
}

function aboutNetworks({ otherNetworks, cluster }: MeshCluster): readonly Doubt[] {
  return [...otherNetworks].flatMap(([key, network]) => {
    const workload = cluster.workloads.get(key);
    if (workload === undefined) return [];
    const path = [...podPath(workload.kind), 'metadata', 'labels', label.network];
    return [{ object: workload.object, path, what: `network \`${network}\``, places: [key] }];
  });
}

function named({ kind, namespace = 'default', name }: ManifestObject): string {
  return `${kind} \`${namespace}/${name}\``;
}

interface Place {
  readonly name: string;
  readonly point: Point;
}

function namesOf(places: readonly Place[], isMeant: (point: Point) => boolean): readonly string[] {
  return sortedUnique(places.filter(({ point }) => isMeant(point)).map(({ name }) => name));
}

/** Everything that enforces policies. */
function placesOf({ cluster }: MeshCluster): readonly Place[] {
  const services = [...cluster.services.values()];
  return [
    ...[...cluster.workloads.values()].flatMap((workload): readonly Place[] => {
      const kind = { sidecar: 'sidecar', ambient: 'ztunnel' }[workload.mode.plane as string];
      return kind === undefined ? [] : [{ name: keyOf(workload), point: { kind: kind as 'sidecar', workload } }];
    }),
    ...[...cluster.waypoints].flatMap(([key, waypoint]) =>
      [undefined, ...services.filter(({ binding }) => binding.kind === 'bound' && binding.waypoint === key)].map(
        (service) => ({ name: keyOf(service ?? waypoint), point: { kind: 'waypoint', waypoint, service } as const }),
      ),
    ),
    ...[...cluster.gateways.values()].map((gateway) => ({
      name: keyOf(gateway),
      point: { kind: 'gateway', gateway } as const,
    })),
  ];
}
