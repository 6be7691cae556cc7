import type { ManifestObject } from '../../parse/document.js';
import { oncePerObject } from '../../util/once.js';
import { extentOf } from '../doubts/extensions.js';
import type { MeshCluster } from '../mesh.js';
import { inboundCapture } from '../paths/capture.js';
import { sidecarsOf } from '../paths/sidecar-scope.js';
import { attaches, type Point } from '../policies/attach.js';
import { type LimitedChain, type LimitPatch, readLimitPatches } from './limit-patch.js';

/** What is counted in the chain of a port where requests arrive. */
export interface LimitsAt {
  readonly patches: readonly LimitPatch[];
  /** EnvoyFilters for the same proxies that are not read. */
  readonly unread: readonly ManifestObject[];
}

/** A chain is found by the pods’ port at a sidecar, by its name at a waypoint, and by its listener’s port at a gateway (F-63). */
export function limitsAt(point: Point, chain: LimitedChain, mesh: MeshCluster): LimitsAt {
  if (point.kind === 'sidecar' && 'port' in chain && inboundCapture(point.workload, chain.port) === false) return none;
  const filters = filtersOf(mesh).filter(({ extent }) => attaches(extent, point, mesh));
  const isHere = (patch: LimitPatch) => JSON.stringify(patch.chain) === JSON.stringify(chain);
  return {
    patches: filters.flatMap(({ patches }) => (patches ?? []).filter(isHere)),
    unread: [
      ...listenersOf(point, mesh),
      ...filters.flatMap(({ object, patches }) => (patches === undefined || touchesMore(object) ? [object] : [])),
    ],
  };
}

/** The sidecar never sees what it does not take in. */
const none: LimitsAt = { patches: [], unread: [] };

/** Sidecar resources with listeners of their own, whose chains are for other ports. */
function listenersOf(point: Point, mesh: MeshCluster): readonly ManifestObject[] {
  if (point.kind !== 'sidecar') return [];
  return sidecarsOf(mesh, point.workload).flatMap(({ ingress, object }) => (ingress.length > 0 ? [object] : []));
}

const filtersOf = oncePerObject(({ cluster }: MeshCluster) =>
  cluster.extensions
    .filter(({ kind }) => kind === 'EnvoyFilter')
    .map((object) => ({
      object,
      extent: extentOf(object, 'workloadSelector', 'labels'),
      patches: readLimitPatches(object),
    })),
);

/** Whether something in it may take filters out again, or leave requests uncounted. */
function touchesMore({ value }: ManifestObject): boolean {
  const patches: unknown = Object(value.spec).configPatches;
  return (
    Array.isArray(patches) &&
    patches.some((patch) => /"operation":"(?:REMOVE|REPLACE|MERGE)"/.test(JSON.stringify(patch)))
  );
}
