import type { Changes, State } from '../../changes/change.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { Action } from '../../mesh/policies/policy.js';
import { compileForms } from '../../mesh/policies/policy-forms.js';
import type { Progress } from '../../util/progress.js';
import { comparedWith } from './compared-with.js';

/** A dry run is watched beside others of its action, and apart from those of the other. */
const actions: readonly Action[] = ['ALLOW', 'DENY'];

/** What dry runs of each action would decide otherwise in one state than in another, if they were enforced. */
export function changesOnTrial(before: State, after: State, progress?: Progress): readonly Changes[] {
  const states = [before, after];
  return actions
    .filter((action) => states.some(({ mesh }) => [...mesh.clusters.values()].some((at) => hasDryRuns(at, action))))
    .map((action) => comparedWith(onTrial(before, action), onTrial(after, action), progress));
}

function hasDryRuns({ authorization }: MeshCluster, action: Action): boolean {
  return [...authorization.values()].flat().some(({ policy }) => policy.dryRun && policy.action === action);
}

function onTrial({ mesh, objects }: State, action: Action): State {
  return {
    objects,
    mesh: { ...mesh, clusters: new Map(Array.from(mesh.clusters, ([name, at]) => [name, enforcing(at, action)])) },
  };
}

/**
 * A cluster in which the dry runs of one action are enforced beside what is: of requests that are refused anyway nobody asks what
 * dry runs say. ALLOW policies that are enforced say nothing of those that are watched, which decide by themselves.
 */
function enforcing(at: MeshCluster, action: Action): MeshCluster {
  const { authorization, trustDomains, cluster } = at;
  const { version } = cluster.settings.istio;
  const enforced = Array.from(authorization, ([namespace, forms]) => {
    const watched = forms.filter(({ policy }) => policy.dryRun && policy.action === action);
    const beside = forms.filter(({ policy }) => !policy.dryRun && (action !== 'ALLOW' || policy.action !== 'ALLOW'));
    const compiled = watched.map(({ policy }) => compileForms({ ...policy, dryRun: false }, trustDomains, version));
    return [namespace, [...beside, ...compiled]] as const;
  });
  return { ...at, authorization: new Map(enforced) };
}
