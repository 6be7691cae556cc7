import type { Decision } from '../../decide/decision.js';
import type { Mesh } from '../../mesh.js';
import { callerOf } from '../../paths/caller.js';
import { waysFollowed } from '../../paths/through-gateways.js';
import type { HopSettings } from './effective.js';
import { settingsOnWay } from './on-way.js';

/** What the proxies on the way of a decided request keep to; nothing for what is not addressed to a Service. */
export function settingsOfDecision(mesh: Mesh, { request, onward, way }: Decision): readonly HopSettings[] {
  const { source, destination, payload } = onward ?? request;
  if (way !== undefined) return settingsOnWay(mesh, way, source);
  const caller = callerOf(mesh, source);
  if (destination.kind !== 'service' || caller.kind !== 'caller') return [];
  return waysFollowed(mesh, caller, destination, payload)
    .slice(0, 1)
    .flatMap((only) => settingsOnWay(mesh, only, source));
}
