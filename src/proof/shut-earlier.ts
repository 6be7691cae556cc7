import { travelKey } from '../algebra/callers.js';
import { dependsOnNamespace, type Gate, type Lane, type Way } from '../algebra/lane.js';
import { lanesTo, type Place } from '../algebra/lanes.js';
import { nowhere } from '../algebra/routes/routed-ways.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Destination, describeDestination } from '../mesh/request.js';
import { keyInMesh } from '../topology/model.js';
import { oncePerObject } from '../util/once.js';
import { groupBy, sortedUnique } from '../util/order.js';
import type { Earlier } from './earlier.js';

/**
 * Whether an earlier state refused all that is addressed so, whoever calls: everything that comes there is denied at the pods. So
 * no requests need be compared where the leftover of a lockdown stands, and it is the same for all states that follow.
 */
export function isShutIn({ mesh, callers }: Earlier, place: Place): (destination: Destination) => boolean {
  const scouts = callers().poolBefore.scouts(place.workload.cluster).classes;
  const kinds = sortedUnique(scouts.map(({ caller }) => travelKey(caller)));
  const key = [keyInMesh(place.workload), ...kinds].join('\n\n');
  const known = knownIn(mesh);
  const shut = known.get(key) ?? shutWays(mesh, place);
  known.set(key, shut);
  return (destination) => shut.has(addressOf(destination));
}

const knownIn = oncePerObject((_: Mesh) => new Map<string, ReadonlySet<string>>());

/** All ports of the pods are one address, since which of them policies mention may differ from state to state. */
function addressOf(destination: Destination): string {
  return destination.kind === 'pod' ? 'the pods' : describeDestination(destination);
}

function shutWays(mesh: Mesh, place: Place): ReadonlySet<string> {
  const lanes = lanesTo(place, { ports: [], readsRequests: () => true }).map(({ lane }) => lane);
  const isShut = (lane: Lane) => !dependsOnNamespace(mesh, lane) && place.planner.scout(lane).ways.every(isDenied);
  const addresses = [...groupBy(lanes, ({ destination }) => addressOf(destination))];
  return new Set(addresses.flatMap(([address, all]) => (all.every(isShut) ? [address] : [])));
}

function isDenied({ stop, choices = [], gates }: Way): boolean {
  if (choices.length > 0 || stop === nowhere.stop || stop?.kind === 'not-modelled') return false;
  return stop !== undefined || gates.some(deniesEverything);
}

/** A rule without clauses is one that always holds. */
function deniesEverything({ enforcement: { undecided, policies } }: Gate): boolean {
  const denials = policies.filter(({ action }) => action === 'DENY');
  return undecided === undefined && denials.some(({ rules }) => rules.some(({ clauses }) => clauses.length === 0));
}
