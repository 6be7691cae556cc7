import { intent } from '../algebra/answers.js';
import { spaceMaker } from '../algebra/space.js';
import type { States } from '../compare/states.js';
import type { Mesh } from '../mesh/mesh.js';
import { jointCallers } from './callers.js';
import type { State } from './change.js';

/** Two states, with all that their comparison shares. */
export interface Pair {
  readonly before: State;
  readonly after: State;
  readonly states: States;
  /** Whether anybody calls otherwise than before: then everybody may be treated otherwise. */
  readonly isAnybodyMoved: boolean;
  readonly unknownCallers: readonly string[];
}

export function pairOf(before: State, after: State): Pair {
  const { pool, poolBefore, callersFor, isAnybodyMoved, unknown } = jointCallers(before.mesh, after.mesh);
  return {
    before,
    after,
    states: {
      before: { mesh: before.mesh, pool: poolBefore },
      after: { mesh: after.mesh, pool },
      callersFor,
      makeSpace: spaceMaker(bothOf(before.mesh, after.mesh)),
      ask: intent(),
    },
    isAnybodyMoved,
    unknownCallers: unknown,
  };
}

/** For whoever asks what any cluster of either state does. */
function bothOf(before: Mesh, after: Mesh): Mesh {
  const earlier = [...before.clusters].map(([name, at]) => [`${name} before`, at] as const);
  return { topology: after.topology, clusters: new Map([...earlier, ...after.clusters]) };
}
