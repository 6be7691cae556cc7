import type { CallerClass } from '../../algebra/callers.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { infrastructure, keyInMesh, type Service, type Workload } from '../../topology/model.js';
import { oncePer } from '../../util/once.js';
import { type Demand, demandsOf, type Grant } from '../intents/demands.js';
import { means } from '../intents/meant-callers.js';

/** Why the intents let somebody call a Service: a rule that means the caller, or that nobody is kept out of its pods. */
export type Leave = { readonly kind: 'rule'; readonly grant: Grant } | { readonly kind: 'open' };

/** `undefined` where the intents let nobody of a class call. */
export type LeaveOf = (service: Service, caller: CallerClass) => Leave | undefined;

export function leavesOf(resolved: Resolved): LeaveOf {
  const demands = demandsOf(resolved);
  const clusters = new Map(resolved.topology.clusters.map((cluster) => [cluster.name, cluster]));
  const entranceOf = oncePer((service: Service): Entrance => {
    const pods = service.workloads.flatMap((key) => clusters.get(service.cluster)?.workloads.get(key) ?? []);
    const all = pods.map((workload) => demands.get(keyInMesh(workload)));
    const isOpen = pods.length === 0 || pods.some((workload, index) => !isClosed(workload, all[index]));
    return { isOpen, grants: all.flatMap((demand) => demand?.allow ?? []) };
  });
  return (service, caller) => {
    const { isOpen, grants } = entranceOf(service);
    const grant = grants.find(({ rule }) =>
      rule.callers.some((each) => isFromMesh(each) && means(each, caller, rule, 'some')),
    );
    if (grant !== undefined) return { kind: 'rule', grant };
    return isOpen ? { kind: 'open' } : undefined;
  };
}

interface Entrance {
  readonly isOpen: boolean;
  readonly grants: readonly Grant[];
}

/** Whether something stands before the pods that keeps out whom no rule means. */
function isClosed({ mode: { plane } }: Workload, demand: Demand | undefined): boolean {
  if (plane === 'none' || infrastructure.has(plane) || demand === undefined) return false;
  return demand.defaults.length > 0 && demand.defaults.every(({ value }) => value === 'Deny');
}

/** Who is outside the mesh has no sidecar, whoever else has the address. */
function isFromMesh(caller: Grant['rule']['callers'][number]): boolean {
  return caller.kind !== 'unidentified' && !(caller.kind === 'addresses' && caller.outside);
}
