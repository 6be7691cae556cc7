import type { Change, Changes, Place, State } from '../../changes/change.js';
import { withClusterNames } from '../../changes/cluster-names.js';
import { compareMeshes } from '../../changes/compare-meshes.js';
import type { Mesh } from '../../mesh/mesh.js';
import { tellingOfNetworkPolicies } from '../../mesh/network-policies/telling.js';
import type { Progress } from '../../util/progress.js';

/**
 * For which requests one state of a mesh does something else than another. What a NetworkPolicy lets in hangs on the connection
 * alone: where connections are the same in both states, and nobody knows of some at a place whether it does, what Istio does with
 * all that is for this place decides.
 */
export function comparedWith(before: State, after: State, progress?: Progress): Changes {
  const compare = (one: State, other: State) =>
    compareMeshes(one, withClusterNames(one, other), { isOfRequestsAlone: true, progress });
  const found = compare(before, after);
  const states = [before, after];
  const isStopped = states.some(({ mesh }) => tellingOfNetworkPolicies(mesh) !== mesh);
  if (found.undecided.length === 0 || !isStopped) return found;
  if (new Set(states.map(({ mesh }) => connectionsIn(mesh))).size > 1) return found;
  const rest = compare(letThrough(before), letThrough(after));
  const open = new Set(found.undecided.flatMap(({ places }) => places.map(nameOf)));
  const isOpen = ({ place, others }: Change) => [place, ...others].some((each) => open.has(nameOf(each)));
  return { ...found, changes: [...found.changes, ...rest.changes.filter(isOpen)], undecided: rest.undecided };
}

function nameOf({ kind, name }: Place): string {
  return `${kind} ${name}`;
}

/** What decides between whom connections are, beside whom a request is for. */
function connectionsIn({ clusters }: Mesh): string {
  const all = [...clusters.values()].map(({ cluster }) => [
    cluster.networkPolicies.map(({ namespace, value }) => [namespace, value.spec]),
    [...cluster.waypoints.keys()].sort(),
    [...cluster.services.values()].map(({ namespace, name, binding }) => [namespace, name, binding]),
    [...cluster.workloads.values()].map(({ namespace, name, binding, mode }) => [namespace, name, binding, mode.plane]),
  ]);
  return JSON.stringify(all);
}

function letThrough({ mesh, objects }: State): State {
  return { objects, mesh: tellingOfNetworkPolicies(mesh) };
}
