import { intent, type SourceIntent } from '../algebra/answers.js';
import { type CallerPool, callerPool } from '../algebra/caller-pool.js';
import { spaceMaker } from '../algebra/space.js';
import { type Mesh, readMesh } from '../mesh/mesh.js';
import { callerChooser } from './callers.js';
import type { Deployment } from './deployment.js';

/** One state of a mesh, and who calls in it. */
export interface State {
  readonly mesh: Mesh;
  readonly pool: CallerPool;
}

/** Both states of a mesh, with what their comparisons share. */
export interface States {
  readonly before: State;
  readonly after: State;
  readonly callersFor: ReturnType<typeof callerChooser>;
  readonly makeSpace: ReturnType<typeof spaceMaker>;
  readonly ask: SourceIntent;
}

/** `isMoved`: the output makes callers others, so that no pool is right for both. */
export function statesOf({ before: given, after: mesh }: Deployment, isMoved: boolean): States {
  const before = readMesh(given).value;
  const after: State = { mesh, pool: callerPool(mesh) };
  return {
    before: { mesh: before, pool: isMoved ? callerPool(before) : after.pool },
    after,
    callersFor: callerChooser(before, mesh, isMoved ? undefined : after.pool),
    makeSpace: spaceMaker(mesh),
    ask: intent(),
  };
}
