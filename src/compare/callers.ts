import type { CallerPool } from '../algebra/caller-pool.js';
import { type CallerClass, type Callers, callersAmong, classesOf, splitClass } from '../algebra/callers.js';
import type { Mentions } from '../algebra/mentions.js';
import { principalOf } from '../mesh/identity.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Caller, callerOf } from '../mesh/paths/caller.js';
import type { Source } from '../mesh/request.js';
import type { Cluster, Topology } from '../topology/model.js';
import { assert } from '../util/assert.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';

/** The same callers in the same order, as they are before and after an output is applied. */
export interface CallersOfBoth {
  readonly before: Callers;
  readonly after: Callers;
}

/** Chooses the callers of a comparison: of a pool that is right for both, one of each class; without one, everybody. */
export function callerChooser(
  before: Mesh,
  after: Mesh,
  pool: CallerPool | undefined,
): (cluster: string, mentions: Mentions) => CallersOfBoth {
  const everybody = callersAmong(pool === undefined ? finerClasses(before, after) : []);
  const asBefore = oncePerObject((each: CallerClass): CallerClass => {
    const caller = callerIn(before, each.source);
    assert(caller !== undefined, 'callers are chosen among those that are there before');
    return { ...each, caller };
  });
  return (cluster, mentions) => {
    const callers = pool?.callers(cluster, mentions) ?? everybody;
    return { before: callersAmong(callers.classes.map(asBefore)), after: callers };
  };
}

/** Whether anybody is new, or comes on another data plane or with another identity than before. */
export function isAnybodyMoved(before: Topology, after: Topology, recall: Recall = computeAnew): boolean {
  return after.clusters.some((cluster) => {
    const { name, workloads, gateways } = cluster;
    const known = before.clusters.find((each) => each.name === name);
    const inputs = [known?.workloads, known?.gateways, workloads, gateways];
    return recall('whether anybody moves in', name, inputs, () => isAnybodyMovedIn(known, cluster));
  });
}

function isAnybodyMovedIn(known: Cluster | undefined, { workloads, gateways }: Cluster): boolean {
  return (
    [...workloads].some(([key, workload]) => isMoved(known?.workloads.get(key), workload)) ||
    [...gateways].some(([key, gateway]) => isMoved(known?.gateways.get(key), gateway))
  );
}

function isMoved(before: Traveller | undefined, after: Traveller): boolean {
  return before?.serviceAccount !== after.serviceAccount || before.mode?.plane !== after.mode?.plane;
}

interface Traveller {
  readonly serviceAccount: string;
  readonly mode?: { readonly plane: string };
}

/** Callers who are alike afterwards and were alike before. Who is new was nobody before. */
function finerClasses(before: Mesh, after: Mesh): readonly CallerClass[] {
  return classesOf(after).flatMap((each) =>
    splitClass(each, (source) => {
      const caller = callerIn(before, source);
      return caller && likeness(caller);
    }),
  );
}

function callerIn(mesh: Mesh, source: Source): Caller | undefined {
  const caller = callerOf(mesh, source);
  return caller.kind === 'caller' ? caller : undefined;
}

function likeness({ speaks, identity }: Caller): string {
  return `${speaks} ${identity ? principalOf(identity) : ''}`;
}
