import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { podsOfWaypoint, podsOfWorkload, stoppedBetween } from '../../mesh/network-policies/connection.js';
import { isOpenWithin } from '../../mesh/network-policies/policy.js';
import type { NetworkStop } from '../../mesh/paths/hops.js';
import { spanIn } from '../../parse/document.js';
import { hbonePort } from '../../topology/labels.js';
import { type Binding, keyOf, type Waypoint, type Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { firstOf } from '../context.js';
import { lawsOf } from '../routes/shown.js';
import { namesOf } from './control-plane.js';
import { type Pods, podsWith, workloadsOn } from './senders.js';

/**
 * NetworkPolicies that let a caller send to the pods of a Service, and stop it at the waypoint of that Service, or the
 * waypoint at the pods: two connections stand in the place of one (W-72). Whoever is not let in to the pods either is not meant.
 */
export function waypointsCutOff({ mesh }: { readonly mesh: Mesh }): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    if (isOpenWithin(at) || at.cluster.waypoints.size === 0) return [];
    const callers = workloadsOn(at, 'ambient').map((workload) => podsWith(at, podsOfWorkload(workload)));
    const alike = [...groupBy(callers, ({ receiver }) => keyOfPods(receiver)).values()];
    const senders = alike.flatMap((same) => same.slice(0, 1));
    return [...at.cluster.waypoints.values()].flatMap((waypoint) => {
      const way = { at, waypoint, senders, called: servedBy(at, waypoint) };
      return [...beforeWaypoint(way), ...behindWaypoint(way)];
    });
  });
}

function keyOfPods({ namespace, labels }: Pods['receiver']): string {
  return JSON.stringify([namespace, labels]);
}

interface Way {
  readonly at: MeshCluster;
  readonly waypoint: Waypoint;
  readonly senders: readonly Pods[];
  readonly called: readonly Workload[];
}

/** Whom it sends to: the pods behind its Services. */
function servedBy({ cluster }: MeshCluster, waypoint: Waypoint): readonly Workload[] {
  const isBound = (binding: Binding) => binding.kind === 'bound' && binding.waypoint === keyOf(waypoint);
  const services = [...cluster.services.values()].filter(({ binding }) => isBound(binding));
  const keys = new Set(services.flatMap(({ workloads }) => workloads));
  return [...cluster.workloads.values()].filter((workload) => keys.has(keyOf(workload)));
}

function beforeWaypoint({ at, waypoint, senders, called }: Way): readonly Diagnostic[] {
  const pods = podsOfWaypoint(waypoint);
  const stopped = senders.flatMap(({ receiver, sender }) => {
    const stop = certainly(stoppedBetween(at, sender, pods, hbonePort));
    const meant = stop && called.find((each) => isLetIn(at, { receiver, sender }, each));
    return stop && meant ? [{ stop, caller: receiver.title, meant }] : [];
  });
  return oncePerStop(stopped).map(({ stop, caller, meant }) => {
    const parameters = { policies: namesOf(stop.policies), caller, waypoint: keyOf(waypoint), called: keyOf(meant) };
    return diagnostic('network-policy-before-waypoint', parameters, placeOf(stop), {
      witness: `a request of ${caller} to a Service of \`${keyOf(meant)}\`: ${stop.because}`,
      ...lawsOf('what is addressed to a Service with a waypoint goes to the pods of that, on TCP 15008 (W-70, W-72)'),
    });
  });
}

function behindWaypoint({ at, waypoint, senders, called }: Way): readonly Diagnostic[] {
  const { sender } = podsWith(at, podsOfWaypoint(waypoint));
  const stopped = called.flatMap((each) => {
    const pods = podsOfWorkload(each);
    const stops = arrivals(each).map((port) => certainly(stoppedBetween(at, sender, pods, port)));
    const [stop] = stops;
    if (stop === undefined || stops.includes(undefined)) return [];
    const meant = firstOf(senders, (other) => (isLetIn(at, other, each) ? other : undefined));
    return meant ? [{ stop, caller: meant.receiver.title, meant: each }] : [];
  });
  return oncePerStop(stopped).map(({ stop, caller, meant }) => {
    const parameters = { policies: namesOf(stop.policies), caller, waypoint: keyOf(waypoint), called: keyOf(meant) };
    return diagnostic('network-policy-behind-waypoint', parameters, placeOf(stop), {
      witness: `a request of ${caller} to a Service of \`${keyOf(meant)}\`: ${stop.because}`,
      ...lawsOf('behind a waypoint the connection is that of the waypoint’s own pods (W-72)'),
    });
  });
}

/** On which ports a waypoint comes to pods: that of HBONE, or those of the application where nothing takes it. */
function arrivals({ mode, ports }: Workload): readonly number[] {
  return mode.hbone ? [hbonePort] : ports.map(({ number }) => number);
}

/** Whether the policies let a caller send to pods straight, by the mesh or on a port of the application. */
function isLetIn(at: MeshCluster, { sender }: Pods, called: Workload): boolean {
  const pods = podsOfWorkload(called);
  const ports = [hbonePort, ...called.ports.map(({ number }) => number)];
  return ports.some((port) => stoppedBetween(at, sender, pods, port) === undefined);
}

function certainly(stop: NetworkStop | undefined): NetworkStop | undefined {
  return stop?.kind === 'no-path' ? stop : undefined;
}

/** Told once for the same policies. */
function oncePerStop<T extends { readonly stop: NetworkStop }>(stopped: readonly T[]): readonly T[] {
  return [...groupBy(stopped, ({ stop }) => namesOf(stop.policies)).values()].flatMap((group) => group.slice(0, 1));
}

function placeOf({ policies: [first] }: NetworkStop) {
  return first === undefined ? null : spanIn(first, ['metadata', 'name']);
}
