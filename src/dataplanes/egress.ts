import type { Plane } from '../topology/model.js';

/** By which way what a caller sends to a host outside leaves the mesh, where everything else is closed to it. */
interface WayOut {
  readonly plane: Plane;
  /** Whether the waypoint of the host stands on it, which asks who calls; else it leaves from the pod itself. */
  readonly throughWaypoint: boolean;
  /** The law it was read from. */
  readonly fact: string;
  /** For a reader of a refusal. */
  readonly because: string;
}

const waysOut: readonly WayOut[] = [
  {
    plane: 'ambient',
    throughWaypoint: true,
    fact: 'istio-traffic-topology T-84',
    because: 'ztunnel asks nobody who leaves the mesh, and leads to the waypoint of a host that has one',
  },
  {
    plane: 'sidecar',
    throughWaypoint: false,
    fact: 'istio-traffic-topology T-87',
    because: 'a sidecar comes through no waypoint, and its pod connects to the host itself',
  },
  {
    plane: 'none',
    throughWaypoint: false,
    fact: 'istio-traffic-topology F-46',
    because: 'a pod outside the mesh connects to the host itself',
  },
];

/** What is known of no plane is taken to connect itself: it opens nothing that is not said. */
export function wayOutOf(plane: Plane): Omit<WayOut, 'plane'> {
  const found = waysOut.find((each) => each.plane === plane);
  return (
    found ?? { throughWaypoint: false, fact: '', because: `nothing is known of what leaves a pod of plane ${plane}` }
  );
}
