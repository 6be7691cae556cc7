import type { CatalogueEntry } from '../entry.js';

/** Where waypoints stand, and where a rule has to be decided. */
export const waypointPlaces = {
  'shared-waypoint-twice': {
    code: 'AMB3112',
    severity: 'error',
    message: 'waypoint `{waypoint}` is to be shared with two numbers of pods',
    help: 'give every item of `waypoints` that names it the same `replicas`, `maxReplicas` and `disruption`',
  },
} as const satisfies Record<string, CatalogueEntry>;
