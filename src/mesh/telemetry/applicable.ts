import { sortBy } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { attaches, type Point } from '../policies/attach.js';
import type { TelemetryObject } from './telemetry-object.js';

/** The Telemetry objects that one proxy obeys, the widest first: each later one goes before those ahead of it. */
export interface Applicable {
  readonly layers: readonly TelemetryObject[];
  /** Why it is not known which they are, or in which order; absent where it is. */
  readonly doubt?: string;
}

/** By whom a waypoint looks for objects: its own namespace’s, or those of the Service too (F-61). */
type Lookup = 'own' | 'ofService';

export function applicableAt(point: Point, mesh: MeshCluster): Applicable {
  const { version } = mesh.cluster.settings.istio;
  if (version === '1.31') return lookUp(point, mesh, 'ofService');
  const own = lookUp(point, mesh, 'own');
  if (version !== '1.30') return own;
  const other = lookUp(point, mesh, 'ofService');
  const isSame = own.layers.length === other.layers.length && own.layers.every((each) => other.layers.includes(each));
  return isSame ? own : { ...own, doubt: 'the patch release decides where a waypoint looks for Telemetry' };
}

function lookUp(point: Point, mesh: MeshCluster, lookup: Lookup): Applicable {
  const home = homeOf(point);
  const other = lookup === 'ofService' && point.kind === 'waypoint' ? (point.service?.namespace ?? home) : home;
  const namespaces = [...new Set([mesh.rootNamespace, home, other])];
  const wide = namespaces.map((namespace) => wideIn(namespace, mesh));
  const narrow = inOrder((mesh.telemetries.get(other) ?? []).filter((each) => isNarrowFor(each, point, mesh)));
  const doubt = [...wide, narrow].flatMap((found) => found.doubt ?? [])[0];
  const layers = [...wide.flatMap((found) => found.layers.slice(0, 1)), ...narrow.layers];
  return doubt === undefined ? { layers } : { layers, doubt };
}

function homeOf(point: Point): string {
  if (point.kind === 'gateway') return point.gateway.namespace;
  return point.kind === 'waypoint' ? point.waypoint.namespace : point.workload.namespace;
}

/** Of those without a selector the oldest alone counts. */
function wideIn(namespace: string, { telemetries }: MeshCluster): Applicable {
  return inOrder((telemetries.get(namespace) ?? []).filter(({ scope }) => scope.kind === 'namespace'));
}

function isNarrowFor(telemetry: TelemetryObject, point: Point, mesh: MeshCluster): boolean {
  return telemetry.scope.kind !== 'namespace' && attaches(telemetry, point, mesh);
}

/** The oldest first; of manifests without a date nobody knows which that is. */
function inOrder(found: readonly TelemetryObject[]): Applicable {
  const layers = sortBy(
    found,
    ({ created }) => created,
    ({ object }) => object.name,
  );
  const [first] = layers;
  if (layers.length < 2 || layers.every(({ created }) => created !== '')) return { layers };
  return { layers, doubt: `which of several Telemetry in namespace \`${first?.namespace}\` is the oldest` };
}
