import type { LanePlan } from '../algebra/lane.js';
import { comingTo } from '../algebra/reach.js';
import { emptySet, fullSet, intersect, type RequestSet, subtract, union } from '../algebra/request-set.js';
import { arrivalsOf } from '../algebra/routes/arrivals.js';
import type { Space } from '../algebra/space.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Endpoint, resolveEndpoint } from '../mesh/paths/endpoint.js';
import type { Destination } from '../mesh/request.js';
import { conditionConstants, conditionSet } from '../policy-tests/conditions.js';
import type { MeantTarget } from '../resolve/resolved-guardrail.js';
import { isMeant, type MeantRequests } from './meant.js';

/** Of a lane that ends at some pods, also behind a gateway. */
export function meantAtPods(mesh: Mesh, targets: readonly MeantTarget[], plan: LanePlan): MeantRequests {
  const end = endOf(mesh, plan.lane.destination);
  const meaning = end === undefined ? [] : targets.filter((target) => isMeant(target, end.workload, end.podPort));
  return {
    constants: meaning.flatMap((target) =>
      arrivalsOf(plan).map(({ arriving }) => conditionConstants(target, arriving)),
    ),
    within: (space) => union(emptySet(space.shape), ...meaning.map((each) => arriving(each, plan, space))),
  };
}

function endOf(mesh: Mesh, destination: Destination): Pick<Endpoint, 'workload' | 'podPort'> | undefined {
  if (destination.kind === 'external') return undefined;
  if (destination.kind === 'gateway') {
    const { cluster, onward } = destination;
    const workload = onward && mesh.clusters.get(cluster)?.cluster.workloads.get(onward.workload);
    return workload && { workload, podPort: onward.port };
  }
  const end = resolveEndpoint(mesh, destination);
  return end.kind === 'endpoint' ? end : undefined;
}

/** The requests that are meant whichever way they come to the pods. */
function arriving(target: MeantTarget, whole: LanePlan, space: Space): RequestSet {
  const arrivals = arrivalsOf(whole);
  const all = fullSet(space.shape);
  return arrivals.reduce((set, { plan, arriving }) => {
    const meant = conditionSet(target, space, arriving, 'surely');
    const elsewhere = arrivals.length === 1 ? emptySet(space.shape) : subtract(all, comingTo(plan, space, 'possibly'));
    return intersect(set, union(meant, elsewhere));
  }, all);
}
