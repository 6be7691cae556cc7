import type { Pin } from '../parse/ast.js';

/** Where a policy is decided, as people name it. */
export type PointOfPin = Lowercase<Pin['points'][number]>;

/** Whether a rule may be decided at a point. */
export function permits({ mode, points }: Pin, point: PointOfPin): boolean {
  const isNamed = points.some((name) => name.toLowerCase() === point);
  return mode === 'only' ? isNamed : !isNamed;
}

/** Whether a rule has to go where ztunnel does not decide it, for which there is a waypoint. */
export function wantsWaypoint(pin: Pin | undefined): boolean {
  return pin !== undefined && permits(pin, 'waypoint') && !permits(pin, 'ztunnel');
}

export function pinInWords({ mode, points }: Pin): string {
  return `${mode === 'only' ? 'pinned to' : 'kept away from'} ${points.join(', ')}`;
}

/** Why there is a waypoint that nothing but a pin needs. */
export const pinnedToWaypoint = 'is pinned to waypoints by `enforcement`';
