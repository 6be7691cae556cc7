import { type ClusterObject, readTopology } from '../../topology/build-topology.js';
import type { MeshSettings } from '../../topology/mesh.js';
import { type Callers, callersAmong } from '../algebra/callers.js';
import type { Constants } from '../algebra/dimension.js';
import { type Lane, type LanePlan, planLane } from '../algebra/lane.js';
import { type Space, spaces } from '../algebra/space.js';
import type { Fault } from '../fault-names.js';
import { withFaults } from '../faults.js';
import { type Mesh, readMesh } from '../mesh.js';
import { presentAndFutureCallers, waypointAccounts } from './newcomers.js';

/** A deployment to judge sets of requests by: as it is, or with something broken. */
export interface Situation {
  readonly mesh: Mesh;
  readonly fault: Fault | undefined;
  readonly callers: Callers;
  spaceOf(constants: Constants): Space;
  planOf(lane: Lane): LanePlan;
}

/** The situations of one deployment, each made when it is first asked for. */
export function situationsOf(
  settings: MeshSettings,
  objects: readonly ClusterObject[],
): (fault: Fault | undefined) => Situation {
  const sound = meshOf(settings, objects);
  // A waypoint that is missing for a while leaves its identity to nobody.
  const waypoints = waypointAccounts(sound);
  const known = new Map<Fault | undefined, Situation>();
  return (fault) => {
    const meshNow = () => (fault === undefined ? sound : meshOf(settings, withFaults(objects, [fault])));
    const situation = known.get(fault) ?? situationIn(meshNow(), fault, waypoints);
    known.set(fault, situation);
    return situation;
  };
}

function meshOf(settings: MeshSettings, objects: readonly ClusterObject[]): Mesh {
  return readMesh(readTopology(settings, objects)).value;
}

function situationIn(mesh: Mesh, fault: Fault | undefined, waypoints: ReadonlySet<string>): Situation {
  const callers = callersAmong(presentAndFutureCallers(mesh, waypoints));
  const plans = new Map<string, LanePlan>();
  return {
    mesh,
    fault,
    callers,
    spaceOf: spaces(callers),
    planOf(lane) {
      const key = JSON.stringify(lane);
      const plan = plans.get(key) ?? planLane(mesh, callers, lane);
      plans.set(key, plan);
      return plan;
    },
  };
}
