import type { ManifestObject, Path } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import type { Point } from '../policies/attach.js';

/** Something in a manifest that may change who gets in, and that the model reads no further. */
export interface Doubt {
  readonly object: ManifestObject;
  readonly path: Path;
  /** The object, or its field, in words. */
  readonly what: string;
  /** The workloads, Services, waypoints and gateways that it concerns, by name, sorted. */
  readonly places: readonly string[];
}

export function named({ kind, namespace = 'default', name }: ManifestObject): string {
  return `${kind} \`${namespace}/${name}\``;
}

interface Place {
  readonly name: string;
  readonly point: Point;
}

export function namesOf(places: readonly Place[], isMeant: (point: Point) => boolean): readonly string[] {
  return sortedUnique(places.filter(({ point }) => isMeant(point)).map(({ name }) => name));
}

/** Everything that enforces policies. */
export function placesOf({ cluster }: MeshCluster): readonly Place[] {
  const services = [...cluster.services.values()];
  return [
    ...[...cluster.workloads.values()].flatMap((workload): readonly Place[] => {
      if (workload.mode.plane !== 'sidecar' && workload.mode.plane !== 'ambient') return [];
      const kind = workload.mode.plane === 'sidecar' ? 'sidecar' : 'ztunnel';
      return [{ name: keyOf(workload), point: { kind, workload } }];
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
