import { intent, type SourceIntent } from '../algebra/answers.js';
import { type Callers, callersAmong } from '../algebra/callers.js';
import type { Constants } from '../algebra/constants.js';
import { waypointAccounts } from '../algebra/future-callers.js';
import { type Lane, type LanePlan, planLane } from '../algebra/lane.js';
import { type Space, spaces } from '../algebra/space.js';
import type { Deployed } from '../mesh/deployed.js';
import type { Fault } from '../mesh/fault-names.js';
import { withFaults } from '../mesh/faults.js';
import { type Mesh, readMesh } from '../mesh/mesh.js';
import { readTopology } from '../topology/build-topology.js';
import { oncePer } from '../util/once.js';
import { presentAndFutureCallers } from './future-callers.js';

/** A deployment to judge sets of requests by: as it is, or with something broken. */
export interface Situation {
  readonly mesh: Mesh;
  readonly fault: Fault | undefined;
  readonly callers: Callers;
  spaceOf(constants: Constants): Space;
  planOf(lane: Lane): LanePlan;
  readonly ask: SourceIntent;
}

/** The situations of one deployment, each made when it is first asked for. */
export function situationsOf({ settings, objects, mesh }: Deployed): (fault: Fault | undefined) => Situation {
  // A waypoint that is missing for a while leaves its identity to nobody.
  const waypoints = waypointAccounts(mesh);
  const meshUnder = (fault: Fault | undefined) =>
    fault === undefined ? mesh : readMesh(readTopology(settings, withFaults(objects, [fault]))).value;
  return oncePer((fault) => situationIn(meshUnder(fault), fault, waypoints));
}

function situationIn(mesh: Mesh, fault: Fault | undefined, waypoints: ReadonlySet<string>): Situation {
  const callers = callersAmong(presentAndFutureCallers(mesh, waypoints));
  return {
    mesh,
    fault,
    callers,
    spaceOf: spaces(mesh, callers),
    ask: intent(),
    planOf: oncePer(
      (lane: Lane) => planLane(mesh, callers, lane),
      (lane) => JSON.stringify(lane),
    ),
  };
}
