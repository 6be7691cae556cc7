import type { Changes, State } from '../../changes/change.js';
import { withClusterNames } from '../../changes/cluster-names.js';
import { compareMeshes } from '../../changes/compare-meshes.js';
import type { Progress } from '../../util/progress.js';

/** For which requests one state of a mesh does something else than another. */
export function comparedWith(before: State, after: State, progress?: Progress): Changes {
  return compareMeshes(before, withClusterNames(before, after), { isOfRequestsAlone: true, progress });
}
