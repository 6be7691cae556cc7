import { type CallerPool, callerPool } from '../algebra/caller-pool.js';
import {
  accountOfCaller,
  type CallerClass,
  type Callers,
  callersAmong,
  classesOf,
  proxyKey,
  splitClass,
  travelKey,
} from '../algebra/callers.js';
import { waypointAccounts } from '../algebra/future-callers.js';
import { principalOf } from '../mesh/identity.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import { type Caller, callerOf } from '../mesh/paths/caller.js';
import { describeSource, type Source } from '../mesh/request.js';
import { oncePer, oncePerObject } from '../util/once.js';
import type { CallersOfBoth } from './callers.js';

/** Some callers in two states of a mesh. */
export interface Chosen {
  /** As they are afterwards, with one of each class that either state tells apart. */
  readonly pool: CallerPool;
  /** The same as they are before. */
  readonly poolBefore: CallerPool;
  callersFor(cluster: string, mentions: Parameters<CallerPool['callers']>[1]): CallersOfBoth;
  /** Callers of the pool as they are before, in the same order. */
  asBefore(callers: Callers): Callers;
}

/** Who calls in two states of a mesh, each as it is in either. */
export interface JointCallers extends Chosen {
  /** Those alone who come otherwise than before; `undefined` where nobody does. */
  readonly moved: Chosen | undefined;
  /** Facts for want of which a caller is known in one state alone. */
  readonly unknown: readonly string[];
}

/**
 * Everybody who calls afterwards, paired with who it is before. A workload or gateway that is new is paired with whoever
 * would have had its identity: what the identity may do is no news. Who is gone calls nobody any more.
 */
export function jointCallers(before: Mesh, after: Mesh): JointCallers {
  const twinOf = oncePerObject(({ source, sources, members, caller }: CallerClass): CallerClass => {
    const twin = twinIn(before, source, caller);
    return { ...twin, sources, members };
  });
  const classes = classesOf(after).flatMap((each) => finer(before, each));
  const turned = classes.filter((each) => principal(each.caller) !== principal(twinOf(each).caller));
  const isMoved = (each: CallerClass) => likeness(each.caller) !== likeness(twinOf(each).caller);
  const kindOf = (each: CallerClass) =>
    [travelKey(each.caller), travelKey(twinOf(each).caller), isMoved(each)].join('\n');
  const clusters = new Set(before.clusters.values());
  const callerIn = (each: CallerClass, at: MeshCluster) => (clusters.has(at) ? twinOf(each) : each).caller;
  const pool = callerPool(after, { classes, kindOf, callerIn });
  const waypoints = waypointAccounts(before);
  const isNobody = (each: CallerClass) => each.source.kind === 'future' && waypoints.has(accountOfCaller(each));
  const choose = (isMeant: (each: CallerClass) => boolean) =>
    chosen({ pool, turned: turned.filter(isMeant), twinOf, isMeant: (each) => isMeant(each) && !isNobody(each) });
  return {
    ...choose(() => true),
    moved: classes.some(isMoved) ? choose(isMoved) : undefined,
    unknown: unknownIn(before, classes),
  };
}

interface Choosing {
  readonly pool: CallerPool;
  /** Those whose identity is another, whom nobody stands for. */
  readonly turned: readonly CallerClass[];
  twinOf(each: CallerClass): CallerClass;
  isMeant(each: CallerClass): boolean;
}

function chosen({ pool, turned, twinOf, isMeant }: Choosing): Chosen {
  const asBefore = oncePerObject((callers: Callers) => callersAmong(callers.classes.map(twinOf)));
  const among = oncePer(callersAmong, (all) => all.map(nameOf).join('\n'));
  const callersIn: CallerPool['callers'] = (cluster, mentions) =>
    among([...new Set([...pool.representatives(cluster, mentions).filter(isMeant), ...turned])]);
  const scouts = oncePer((cluster: string) => callersAmong(pool.scouts(cluster).classes.filter(isMeant)));
  const after: CallerPool = {
    scouts,
    representatives: (cluster, mentions) => callersIn(cluster, mentions).classes,
    callers: callersIn,
  };
  return {
    pool: after,
    poolBefore: {
      scouts: (cluster) => asBefore(scouts(cluster)),
      representatives: (cluster, mentions) => asBefore(callersIn(cluster, mentions)).classes,
      callers: (cluster, mentions) => asBefore(callersIn(cluster, mentions)),
    },
    callersFor: (cluster, mentions) => {
      const callers = callersIn(cluster, mentions);
      return { before: asBefore(callers), after: callers };
    },
    asBefore,
  };
}

function nameOf({ source, caller }: CallerClass): string {
  return `${caller.cluster} ${describeSource(source)}`;
}

/** Callers who are alike afterwards and were alike before. */
function finer(before: Mesh, each: CallerClass): readonly CallerClass[] {
  return splitClass(each, (source) => likeness(twinIn(before, source, each.caller).caller));
}

function likeness(caller: Caller): string {
  const { cluster, speaks } = caller;
  return [cluster, speaks, principal(caller), ...proxyKey(caller)].join('\n');
}

function principal({ identity }: Caller): string {
  return identity === null ? '' : principalOf(identity);
}

type Twin = Pick<CallerClass, 'source' | 'caller'>;

/** Who a caller is before: itself; else whoever would have its identity; else nobody in particular. */
function twinIn(before: Mesh, source: Source, { identity, cluster, speaks }: Caller): Twin {
  const itself = known(before, source);
  if (itself !== undefined) return itself;
  const isOfMesh = identity !== null && cluster !== undefined && speaks !== 'plaintext';
  const future = isOfMesh
    ? known(before, {
        kind: 'future',
        cluster,
        speaks: speaks === 'ambient' ? 'ambient' : 'sidecar',
        namespace: identity.namespace,
        serviceAccount: identity.serviceAccount,
      })
    : undefined;
  return future ?? { source: anyone, caller: anyCaller(before) };
}

const anyone: Source = { kind: 'outside', name: 'anyone' };

function anyCaller(mesh: Mesh): Caller {
  const caller = callerOf(mesh, anyone);
  if (caller.kind !== 'caller') throw new Error('invariant broken: anyone can call from outside');
  return caller;
}

function known(mesh: Mesh, source: Source): Twin | undefined {
  const caller = callerOf(mesh, source);
  return caller.kind === 'caller' ? { source, caller } : undefined;
}

function unknownIn(before: Mesh, classes: readonly CallerClass[]): readonly string[] {
  const facts = classes.flatMap(({ sources }) =>
    sources.flatMap((source) => {
      const caller = isThere(before, source) ? callerOf(before, source) : undefined;
      return caller?.kind === 'not-modelled' ? [caller.because] : [];
    }),
  );
  return [...new Set(facts)];
}

function isThere({ clusters }: Mesh, source: Source): boolean {
  if (source.kind === 'workload') return clusters.get(source.cluster)?.cluster.workloads.has(source.workload) === true;
  return source.kind === 'gateway' && clusters.get(source.cluster)?.cluster.gateways.has(source.gateway) === true;
}
