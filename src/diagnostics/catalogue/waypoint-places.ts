import type { CatalogueEntry } from '../entry.js';

/** Where waypoints stand, and where a rule has to be decided. */
export const waypointPlaces = {
  'shared-waypoint-twice': {
    code: 'AMB3112',
    severity: 'error',
    message: 'waypoint `{waypoint}` is to be shared with two numbers of pods',
    help: 'give every item of `waypoints` that names it the same `replicas`, `maxReplicas` and `disruption`',
  },
  'pinned-elsewhere': {
    code: 'AMB3113',
    severity: 'error',
    message: '`{rule}` is {pin}, and would be decided at {point}',
    help: 'drop `enforcement`, or change what the note names',
  },
  'pin-changes-nothing': {
    code: 'AMB3114',
    severity: 'info',
    message: '`{rule}` is decided at {points} with and without its `enforcement`',
    help: 'nothing needs to be done: it is refused as soon as it would be decided elsewhere',
  },
  'pin-of-nothing': {
    code: 'AMB3115',
    severity: 'warning',
    message: '`enforcement` pins nothing: {why}',
    help: 'drop it, or write it at the rule that is meant',
  },
  'server-name-at-pods': {
    code: 'AMB3116',
    severity: 'error',
    message: 'no proxy at {destination} sees for which server name callers ask',
    help: 'compare `hosts` of requests, or write the rule at the gateway by which the callers come',
  },
  'server-name-unseen': {
    code: 'AMB3117',
    severity: 'error',
    message: 'listener `{listener}` of gateway `{gateway}` sees no server name: it {why}',
    help: 'name a port whose listeners end or pass on the TLS of clients, or compare `hosts` of requests',
  },
} as const satisfies Record<string, CatalogueEntry>;
