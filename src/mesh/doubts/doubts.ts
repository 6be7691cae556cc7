import type { ManifestObject, Path } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { sortedUnique } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { openAnnotations } from '../paths/capture.js';
import { attaches, type Point } from '../policies/attach.js';
import type { Extension } from './extensions.js';

/** Something in a manifest that may change who gets in, and that the model reads no further. */
export interface Doubt {
  readonly object: ManifestObject;
  readonly path: Path;
  /** The object, or its field, in words. */
  readonly what: string;
  /** The workloads, waypoints and gateways whose proxies it concerns, by name, sorted. */
  readonly places: readonly string[];
}

/** Every doubt about the proxies of a cluster. */
export function doubtsIn(mesh: MeshCluster): readonly Doubt[] {
  const points = envoysOf(mesh);
  const ofExtensions = mesh.extensions.map((extension): Doubt => {
    const { object, namespace, inbound, outbound } = extension;
    const places = sortedUnique(points.filter(({ point }) => attaches(extension, point, mesh)).map(({ name }) => name));
    return { object, path: inbound ?? outbound ?? [], what: `${object.kind} \`${namespace}/${object.name}\``, places };
  });
  const ofAnnotations = [...mesh.cluster.workloads.values()]
    .filter(({ mode }) => mode.plane === 'sidecar')
    .flatMap((workload) =>
      openAnnotations(workload).map((key): Doubt => {
        const { object } = workload;
        const path = [...podPath(object.kind), 'metadata', 'annotations', key];
        return { object, path, what: `annotation \`${key}\``, places: [keyOf(workload)] };
      }),
    );
  return [...ofExtensions, ...ofAnnotations].filter(({ places }) => places.length > 0);
}

interface Envoy {
  readonly name: string;
  readonly point: Point;
}

function envoysOf({ cluster }: MeshCluster): readonly Envoy[] {
  const services = [...cluster.services.values()];
  return [
    ...[...cluster.workloads.values()]
      .filter(({ mode }) => mode.plane === 'sidecar')
      .map((workload) => ({ name: keyOf(workload), point: { kind: 'sidecar', workload } as const })),
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

/** What is not read of that which changes an enforcement point; `undefined` where nothing does. ztunnel is no Envoy. */
export function doubtAt(point: Point, mesh: MeshCluster): string | undefined {
  return point.kind === 'ztunnel' ? undefined : nameOf(find(point, mesh, 'inbound'));
}

/** The same of what a workload or gateway sends. */
export function doubtAboutSender(point: Point, mesh: MeshCluster): string | undefined {
  return nameOf(find(point, mesh, 'outbound'));
}

function find(point: Point, mesh: MeshCluster, part: 'inbound' | 'outbound'): Extension | undefined {
  return mesh.extensions.find((extension) => extension[part] !== undefined && attaches(extension, point, mesh));
}

function nameOf(extension: Extension | undefined): string | undefined {
  if (extension === undefined) return undefined;
  const { object, namespace } = extension;
  return `what ${object.kind} ${namespace}/${object.name} changes`;
}
