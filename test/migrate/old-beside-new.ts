import { asObject } from '../../src/mesh/json.js';
import type { Phase } from '../../src/migrate/plan/phase.js';
import { deploymentAt, type Moment } from '../../src/migrate/states/moment.js';
import type { Deployment, OutputFile } from '../../src/pipeline.js';
import type { ClusterObject } from '../../src/topology/build-topology.js';
import type { Topology } from '../../src/topology/model.js';

/** The midst of restarts, where whoever starts anew has a pod as well that has not gone yet. */
export interface Midst {
  readonly phase: Phase;
  readonly applied: readonly OutputFile[];
  readonly deployment: (given: Deployment, topology: Topology) => Deployment;
}

/** One for each phase of a plan that restarts pods. */
export function midstsOf(phases: readonly Phase[]): readonly Midst[] {
  let moved: Moment['moved'] = new Set();
  return phases.flatMap((phase): readonly Midst[] => {
    const last = phase.states.at(-1);
    if (last === undefined || last.moment.moved.size === moved.size) return [];
    const before: Moment = { ...last.moment, moved };
    moved = last.moment.moved;
    const deployment = (given: Deployment, topology: Topology) =>
      besideEachOther(deploymentAt(given, topology, before), deploymentAt(given, topology, last.moment));
    return [{ phase, applied: last.applied, deployment }];
  });
}

function besideEachOther(before: Deployment, after: Deployment): Deployment {
  const objects = after.objects.flatMap((each, index) => {
    const old = before.objects[index];
    return old === undefined || old === each ? [each] : [each, named(old, `${old.object.name}-before`)];
  });
  return { ...after, objects };
}

function named(each: ClusterObject, name: string): ClusterObject {
  const { value } = each.object;
  const metadata = { ...asObject(value.metadata), name };
  return { ...each, object: { ...each.object, name, value: { ...value, metadata } } };
}
