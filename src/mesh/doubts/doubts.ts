import type { ManifestObject, Path } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { openSettings } from '../paths/capture.js';
import { attaches, type Point } from '../policies/attach.js';

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
    const { object, namespace, inbound, atGateway, outbound } = extension;
    const places = sortedUnique(points.filter(({ point }) => attaches(extension, point, mesh)).map(({ name }) => name));
    return {
      object,
      path: (inbound ?? atGateway ?? outbound)?.path ?? [],
      what: `${object.kind} \`${namespace}/${object.name}\``,
      places,
    };
  });
  const ofPods = [...mesh.cluster.workloads.values()]
    .filter(({ mode }) => mode.plane === 'sidecar')
    .flatMap((workload) =>
      openSettings(workload).map(
        ({ path, what }): Doubt => ({ object: workload.object, path, what, places: [keyOf(workload)] }),
      ),
    );
  return [...ofExtensions, ...ofPods].filter(({ places }) => places.length > 0);
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
export function doubtAt(point: Point, port: number, mesh: MeshCluster): string | undefined {
  if (point.kind === 'ztunnel') return undefined;
  const side = point.kind === 'gateway' ? 'atGateway' : 'inbound';
  return attached(point, mesh, side).find(({ ports }) => ports?.includes(port) ?? true)?.what;
}

/** What may change what a proxy sends, where to, and as whom. */
export interface SenderDoubt {
  readonly what: string;
  /** The ports that are addressed; `undefined` of all. */
  readonly ports: readonly number[] | undefined;
}

export function doubtsAboutSender(point: Point, mesh: MeshCluster): readonly SenderDoubt[] {
  return attached(point, mesh, 'outbound');
}

function attached(point: Point, mesh: MeshCluster, side: 'inbound' | 'atGateway' | 'outbound'): readonly SenderDoubt[] {
  return mesh.extensions.flatMap((extension) => {
    const { object, namespace, [side]: part } = extension;
    if (part === undefined || !attaches(extension, point, mesh)) return [];
    return [{ what: `what ${object.kind} ${namespace}/${object.name} changes`, ports: part.ports }];
  });
}
