import { keyOf, type Labels } from '../../../topology/model.js';
import type { Mesh, MeshCluster } from '../../mesh.js';
import type { Leg, ServiceAt } from '../../paths/legs.js';
import type { Way } from '../../paths/ways.js';
import type { Point } from '../../policies/attach.js';
import type { Source } from '../../request.js';
import { doubtOfProxy, noDoubt } from './doubt.js';
import type { HopSettings } from './effective.js';
import { type ProxyAt, settingsAt } from './of-proxy.js';
import { asSeenBy } from './of-revision.js';

/**
 * What each proxy on a way does with it, in order. ztunnel does nothing of all this, and whoever sends plaintext has no
 * proxy: where only these stand, there is no entry. The source is that of the way.
 */
export function settingsOnWay(mesh: Mesh, way: Way, source: Source): readonly HopSettings[] {
  const { onward } = way.through ?? {};
  const further = onward === undefined ? [] : settingsOnWay(mesh, onward.way, onward.source);
  return [...atClient(mesh, way, source), ...atWaypoint(mesh, way), ...further];
}

function atClient(mesh: Mesh, way: Way, source: Source): readonly HopSettings[] {
  const { caller, client, addressed } = way;
  const at = mesh.clusters.get(caller.cluster ?? '');
  const { speaks, namespace, gateway } = caller;
  if (at === undefined || (speaks !== 'sidecar' && speaks !== 'gateway')) return [];
  const point = pointOf(at, way, source);
  const proxy: ProxyAt = {
    at: speaks,
    name: gateway && keyOf(gateway),
    obeying: { namespace, labels: labelsOf(point) },
    doubt: point === undefined ? noDoubt : doubtOfProxy(at, point, addressed?.port.number ?? 0),
  };
  return [hopSettings(point === undefined ? at : asSeenBy(at, point), proxy, client, addressed)];
}

function pointOf({ cluster }: MeshCluster, { caller: { gateway } }: Way, source: Source): Point | undefined {
  if (gateway !== undefined) return { kind: 'gateway', gateway };
  const workload = source.kind === 'workload' ? cluster.workloads.get(source.workload) : undefined;
  return workload && { kind: 'sidecar', workload };
}

function labelsOf(point: Point | undefined): Labels | undefined {
  if (point?.kind === 'gateway') return point.gateway.podLabels;
  return point?.kind === 'sidecar' ? point.workload.labels : undefined;
}

function atWaypoint(mesh: Mesh, { behind }: Way): readonly HopSettings[] {
  if (behind === undefined) return [];
  const { waypoint, before, leg } = behind;
  const at = mesh.clusters.get(waypoint.cluster);
  if (at === undefined) return [];
  const point: Point = { kind: 'waypoint', waypoint, service: before.service };
  const doubt = doubtOfProxy(at, point, before.port.number);
  const obeying = { namespace: waypoint.namespace, labels: 'none' } as const;
  return [hopSettings(asSeenBy(at, point), { at: 'waypoint', name: keyOf(waypoint), obeying, doubt }, leg, before)];
}

function hopSettings(mesh: MeshCluster, proxy: ProxyAt, leg: Leg, addressed: ServiceAt | undefined): HopSettings {
  const origin = leg.rule?.origin ?? leg.step?.rule;
  const { at, name } = proxy;
  return {
    at,
    name,
    rule: origin && { object: origin.object, place: origin.place },
    settings: settingsAt(mesh, proxy, leg, addressed),
    mesh,
  };
}
