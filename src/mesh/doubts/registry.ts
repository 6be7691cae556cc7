import { sortedUnique } from '../../util/order.js';
import type { MeshCluster } from '../mesh.js';
import { aboutOpenHosts, aboutServiceEntries, aboutTls } from './about-clients.js';
import { aboutCanaries, aboutEndpoints, aboutSidecars, aboutWaypoints } from './about-destinations.js';
import { aboutExtensions, aboutForeignPolicies, aboutPods, aboutWorkloads } from './about-proxies.js';
import type { Doubt } from './doubt.js';
import { aboutRevisions } from './other-revisions.js';

/** Proxies first, then what is addressed. */
const finders: ReadonlyArray<(mesh: MeshCluster) => readonly Doubt[]> = [
  aboutExtensions,
  aboutPods,
  aboutForeignPolicies,
  aboutRevisions,
  aboutWorkloads,
  aboutSidecars,
  aboutTls,
  aboutServiceEntries,
  aboutOpenHosts,
  aboutEndpoints,
  aboutWaypoints,
  aboutCanaries,
];

/** Every doubt about a cluster, whoever calls; those that concern nobody are none. */
export function doubtsIn(mesh: MeshCluster): readonly Doubt[] {
  return finders
    .flatMap((find) => find(mesh))
    .map((doubt) => ({ ...doubt, places: sortedUnique(doubt.places) }))
    .filter(({ places }) => places.length > 0);
}
