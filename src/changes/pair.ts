import { intent } from '../algebra/answers.js';
import { joinMentions } from '../algebra/mentions.js';
import { spaceMaker } from '../algebra/space.js';
import { type Chosen, jointCallers } from '../compare/joint-callers.js';
import type { States } from '../compare/states.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Approvals } from './approvals.js';
import type { State } from './change.js';
import { factsOfAll } from './facts.js';

/** Two states, with all that their comparison shares. */
export interface Pair {
  readonly before: State;
  readonly after: State;
  /** With the callers who are compared. */
  readonly states: States;
  /** Whether they are those alone who come otherwise than before: for a place that is as it was, all others are treated alike. */
  readonly isOfMoved: boolean;
  readonly approvals: Approvals | undefined;
  /** Whether what is comes from a cluster, which completes what it is given. */
  readonly isOfCluster: boolean;
}

export interface Compared {
  readonly pair: Pair;
  /** The same for those who come otherwise than before; `undefined` where nobody does. */
  readonly moved: Pair | undefined;
  /** Whether something differs that holds for everybody. */
  readonly isAllOther: boolean;
  readonly unknownCallers: readonly string[];
}

export function pairOf(before: State, after: State, approvals?: Approvals, isOfCluster = false): Compared {
  const { moved, unknown, ...everybody } = jointCallers(before.mesh, after.mesh);
  const shared = { makeSpace: spaceMaker(bothOf(before.mesh, after.mesh)), ask: intent() };
  const pairFor = ({ pool, poolBefore, callersFor }: Chosen, isOfMoved: boolean): Pair => ({
    before,
    after,
    states: {
      before: { mesh: before.mesh, pool: poolBefore },
      after: { mesh: after.mesh, pool },
      callersFor: approvals === undefined ? callersFor : tellingApart(callersFor, approvals),
      ...shared,
    },
    isOfMoved,
    approvals,
    isOfCluster,
  });
  return {
    pair: pairFor(everybody, false),
    moved: moved && pairFor(moved, true),
    isAllOther: factsOfAll(before.mesh) !== factsOfAll(after.mesh),
    unknownCallers: unknown,
  };
}

/** For whoever asks what any cluster of either state does. */
function bothOf(before: Mesh, after: Mesh): Mesh {
  const earlier = [...before.clusters].map(([name, at]) => [`${name} before`, at] as const);
  return { topology: after.topology, clusters: new Map([...earlier, ...after.clusters]) };
}

/** Whom approvals name is told from others on every way. */
function tellingApart(callersFor: Chosen['callersFor'], { mentions }: Approvals): Chosen['callersFor'] {
  return (cluster, mentioned) => callersFor(cluster, joinMentions([mentioned, mentions]));
}
