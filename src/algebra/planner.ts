import type { Mesh } from '../mesh/mesh.js';
import { namespacesThatMatter } from '../mesh/paths/visibility.js';
import { enforcementAt } from '../mesh/policies/enforcement.js';
import { oncePer } from '../util/once.js';
import { groupBy } from '../util/order.js';
import type { CallerPool } from './caller-pool.js';
import { type Callers, travelKey } from './callers.js';
import {
  asLetIn,
  dependsOnNamespace,
  type Lane,
  type LanePlan,
  nameOfLane,
  planLane,
  pointKey,
  type Way,
  type WayFinder,
  wayFinder,
} from './lane.js';
import { joinMentions, type Mentions, nobody } from './mentions.js';

/** Finds the ways of the lanes to one workload: what is enforced at a point there is asked once. */
export interface Planner {
  /** The ways of one caller of each kind. */
  scout(lane: Lane): LanePlan;
  /** The ways of given callers, as the scouts found them. */
  follow(plan: LanePlan, callers: Callers): LanePlan;
}

export function plannerOf(mesh: Mesh, pool: CallerPool, cluster: string): Planner {
  const scouts = pool.scouts(cluster);
  const enforce = oncePer(enforcementAt, pointKey);
  return {
    scout: oncePer((lane) => planLane(mesh, scouts, lane, enforce), nameOfLane),
    follow: ({ lane, ways }, callers) => {
      const found = dependsOnNamespace(mesh, lane) ? undefined : waysOf(ways, callers, wayFinder(mesh, lane, enforce));
      return found === undefined ? planLane(mesh, callers, lane, enforce) : { lane, ways: found };
    },
  };
}

/** The ways that were found, for other callers of the same kinds; `undefined` where one is of a kind that nobody scouted. */
function waysOf(ways: readonly Way[], callers: Callers, finder: WayFinder): readonly Way[] | undefined {
  const scouted = groupBy(ways, (way) => travelKey(way.representative.caller));
  const found = callers.kinds.map((kind) => {
    return asLetIn(callers, kind, scouted.get(travelKey(kind.representative.caller)) ?? [], finder);
  });
  return found.every((known) => known.length > 0) ? found.flat() : undefined;
}

/** Where settings of TLS, and the Service itself, are looked up from the namespace of the caller, callers of those namespaces differ. */
export function withTlsNamespaces(mesh: Mesh, { destination }: Lane, mentions: Mentions): Mentions {
  const namespaces = new Set(namespacesThatMatter(mesh, destination));
  if (namespaces.size === 0) return mentions;
  return joinMentions([mentions, { ...nobody, namespaces }]);
}
