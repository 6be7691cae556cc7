import type { ClusterSettings } from '../parse/mesh.js';
import { assert } from '../util/assert.js';
import type { SendingPoint } from './endpoints.js';
import { hasSince } from './releases.js';

/** Whether what a proxy knows of the mesh can be narrowed, and by what. */
export interface Narrowing {
  readonly point: SendingPoint;
  /** The kind of object; absent where nothing that belongs to a namespace does. */
  readonly form?: 'Sidecar';
  readonly since?: '1.31';
  readonly fact: string;
  /** What there is instead. */
  readonly because: string;
}

/** Later rows of one point, with a `since`, replace earlier ones from that version on. */
const narrowings: readonly Narrowing[] = [
  {
    point: 'sidecar',
    form: 'Sidecar',
    fact: 'istio-traffic-topology F-56',
    because: 'it knows the hosts of a Sidecar',
  },
  {
    point: 'ztunnel',
    fact: 'istio-traffic-topology F-57',
    because: 'ztunnel is told of all Services and pods, by address alone',
  },
  {
    point: 'ztunnel',
    since: '1.31',
    fact: 'istio-traffic-topology F-57',
    because:
      'ztunnel is told of all Services and pods, by address alone; `serviceEntryVisibility` of the MeshConfig narrows ServiceEntries',
  },
  {
    point: 'waypoint',
    fact: 'istio-traffic-topology F-57',
    because: 'it is told of what it serves, and of what routes there lead to',
  },
  { point: 'gateway', fact: 'istio-traffic-topology F-57', because: 'no Sidecar is for it' },
];

/** The row that holds for a point in a cluster. */
export function narrowing(point: SendingPoint, { istio }: Pick<ClusterSettings, 'istio'>): Narrowing {
  const row = narrowings.findLast((each) => each.point === point && hasSince(istio.version, each.since));
  assert(row !== undefined, `no row for what ${point} knows`);
  return row;
}
