import type { CallerClass } from '../../algebra/callers.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { hasListedEndpoints } from '../../topology/endpoints.js';
import { infrastructure, keyInMesh, keyOf, type Service, type Workload } from '../../topology/model.js';
import { oncePer } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { type Demand, demandsOf } from '../intents/demands.js';
import type { Grant } from '../intents/grant.js';
import { allowedBy } from '../intents/layers.js';
import { means } from '../intents/meant-callers.js';

/** Why the intents let somebody call a Service: a rule that means the caller, or that nobody is kept out of its pods. */
export type Leave = { readonly kind: 'rule'; readonly grant: Grant } | { readonly kind: 'open' };

/** `undefined` where the intents let nobody of a class call. */
export type LeaveOf = (service: Service, caller: CallerClass) => Leave | undefined;

export function leavesOf(resolved: Resolved): LeaveOf {
  const demands = demandsOf(resolved);
  const clusters = new Map(resolved.topology.clusters.map((cluster) => [cluster.name, cluster]));
  const services = [...clusters.values()].flatMap((cluster) => [...cluster.services.values()]);
  const byHost = groupBy(services, ({ host }) => host);
  const podsOf = ({ cluster, workloads }: Service) =>
    workloads.flatMap((key) => clusters.get(cluster)?.workloads.get(key) ?? []);
  // Under one host each cluster knows the pods of all.
  const entranceOf = oncePer((host: string): Entrance => {
    const named = byHost.get(host) ?? [];
    const pods = named.flatMap(podsOf);
    const leadsElsewhere = named.some(
      ({ cluster, workloads, ...service }) =>
        workloads.length === 0 && hasListedEndpoints(clusters.get(cluster)?.endpointLists ?? [], keyOf(service)),
    );
    const all = pods.map((workload) => demands.get(keyInMesh(workload)));
    const isOpen =
      leadsElsewhere || pods.length === 0 || pods.some((workload, index) => !isClosed(workload, all[index]));
    return { isOpen, demands: all.flatMap((demand) => demand ?? []) };
  });
  return ({ host }, caller) => {
    const { isOpen, demands } = entranceOf(host);
    const isMeant = ({ rule }: Grant) =>
      rule.callers.some((each) => isFromMesh(each) && means(each, caller, rule, 'some'));
    const grant = demands.flatMap((demand) => (isAllowed(demand, isMeant) ? demand.allow : [])).find(isMeant);
    if (grant !== undefined) return { kind: 'rule', grant };
    return isOpen ? { kind: 'open' } : undefined;
  };
}

interface Entrance {
  readonly isOpen: boolean;
  readonly demands: readonly Demand[];
}

/** Whether the rules of every layer mean a caller. */
function isAllowed({ layers }: Demand, isMeant: (grant: Grant) => boolean): boolean {
  return allowedBy<boolean>(layers, {
    rules: (grants) => grants.some(isMeant),
    everything: () => true,
    either: (left, right) => left || right,
    both: (left, right) => left && right,
    opens: ({ defaults }, before) => (defaults.length === 0 ? before : defaults.some(({ value }) => value === 'Allow')),
  });
}

/** Whether something stands before the pods that keeps out whom no rule means. */
function isClosed({ mode: { plane } }: Workload, demand: Demand | undefined): boolean {
  if (plane === 'none' || infrastructure.has(plane) || demand === undefined) return false;
  return demand.defaults.length > 0 && demand.defaults.every(({ value }) => value === 'Deny');
}

/** Who is outside the mesh has no sidecar, whoever else has the address. */
function isFromMesh(caller: Grant['rule']['callers'][number]): boolean {
  return !(caller.kind === 'unidentified' && caller.isOne) && !(caller.kind === 'addresses' && caller.outside);
}
