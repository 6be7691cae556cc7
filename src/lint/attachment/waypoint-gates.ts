import type { Gate, Way } from '../../algebra/lane.js';

/** A way that leads through a waypoint to a pod with a proxy of its own. */
interface WaypointWay {
  readonly waypoint: Gate;
  readonly pod: Gate;
}

/** The two gates of a way through a waypoint; `undefined` for any other way. */
export function throughWaypoint({ gates }: Pick<Way, 'gates'>): WaypointWay | undefined {
  const [waypoint, pod] = gates;
  if (waypoint?.hop.point.kind !== 'waypoint' || pod === undefined) return undefined;
  return { waypoint, pod };
}

/** The gate as it would be if it still saw who called. */
export function seeingCaller(gate: Gate): Gate {
  return { ...gate, hop: { ...gate.hop, peer: { kind: 'caller' } } };
}
