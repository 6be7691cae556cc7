import type { Destination } from '../resolve/resolved.js';
import { keyInMesh } from '../topology/model.js';
import { asBefore, asBeforeOfEach, isAsBefore } from '../util/alike.js';
import type { Recall } from '../util/memory.js';
import type { DestinationPolicy, PlacedIr, PolicyIr } from './policy-ir.js';

/** The same IR, in which each destination of which nothing else is said than in an earlier run is the one of that run. */
export function withKnownDestinations(ir: PolicyIr, recall: Recall): PolicyIr {
  const known = recall('what must hold', '', [], asBeforeOfEach<Destination, DestinationPolicy>);
  const destinations = ir.destinations.map((policy) => known(policy.destination, policy));
  return { ...ir, destinations };
}

/** The same for what is placed: what is written from it is known then. */
export function withKnownPolicies(placed: PlacedIr, recall: Recall): PlacedIr {
  const known = <T extends Named>(kind: string, all: readonly T[]): readonly T[] =>
    all.map((each) => (isAsBefore(each) ? each : asBefore(recall, kind, keyInMesh(each), [], each)));
  return {
    ...placed,
    policies: known('policy', placed.policies),
    peerAuthentications: known('mode', placed.peerAuthentications),
    requestAuthentications: known('tokens', placed.requestAuthentications),
    waypoints: known('waypoint', placed.waypoints),
    enrolments: known('enrolment', placed.enrolments),
  };
}

interface Named {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}
