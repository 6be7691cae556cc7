import { intent } from '../../algebra/answers.js';
import { bitsOf } from '../../algebra/bits.js';
import type { Callers } from '../../algebra/callers.js';
import { comparersOf, constantsOf, type Lane, planLane } from '../../algebra/lane.js';
import { reachOf } from '../../algebra/reach.js';
import { boxSet, intersect, isEmpty } from '../../algebra/request-set.js';
import { spaces } from '../../algebra/space.js';
import type { Mesh } from '../../mesh/mesh.js';

/** Whether what stands on a lane lets any request of a caller through, or may do so. */
export function lettingThrough(mesh: Mesh, callers: Callers, lane: Lane): (index: number) => boolean {
  const plan = planLane(mesh, callers, lane);
  const answer = intent()(comparersOf(plan), () => {
    const space = spaces(mesh, callers)(constantsOf(mesh, plan));
    const { possibly } = reachOf(mesh, space, plan);
    return callers.classes.map((_, index) =>
      isEmpty(intersect(possibly, boxSet(space.shape, new Map([[0, bitsOf([index])]])))),
    );
  });
  return (index) => answer.kind !== 'decided' || answer.value[index] === false;
}
