import { sortBy } from '../util/order.js';
import type { Mesh } from './mesh.js';
import { callerOf } from './paths/caller.js';
import { waysFollowed } from './paths/through-gateways.js';
import type { Way } from './paths/ways.js';
import type { Destination, Payload, Source } from './request.js';

/**
 * The pods at which a request to a Service may end: those to which routes lead it, the most likely first, and not those of copies. Where routes
 * answer, or lead nowhere, it stays with the pod that was asked about.
 */
export function endsOf(mesh: Mesh, source: Source, destination: Destination, payload: Payload): readonly Destination[] {
  const caller = callerOf(mesh, source);
  if (destination.kind !== 'service' || caller.kind !== 'caller') return [destination];
  const all = waysFollowed(mesh, caller, destination, payload).filter(({ copy }) => copy === undefined);
  const ways = sortBy(all, ({ share }) => -share);
  const workloads = [...new Set(ways.flatMap(workloadsOf))];
  return workloads.length === 0 ? [destination] : workloads.map((workload) => ({ ...destination, workload }));
}

function workloadsOf({ end, addressed }: Way): readonly string[] {
  if (end.kind === 'passed on') return addressed?.service.workloads ?? [];
  return end.kind === 'pods' ? end.workloads : [];
}
