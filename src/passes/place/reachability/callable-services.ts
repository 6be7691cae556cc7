import type { DestinationPolicy, PolicyIr } from '../../../ir/policy-ir.js';
import { isInNamespace } from '../../../resolve/namespace-pattern.js';
import type { Caller, Source } from '../../../resolve/resolved.js';
import { nearestOf } from '../../../resolve/scopes.js';
import { type Cluster, infrastructure, keyInMesh, type Service, type Workload } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import { groupBy } from '../../../util/order.js';
import { means } from '../../reach.js';

/** A Service, and whom the intents let call its pods. */
export interface CallableService {
  readonly service: Service;
  readonly callers: 'anyone' | readonly Caller[];
}

/** Whose sidecars are asked about: the pods of one workload, or all of a namespace, those that are not there yet included. */
export interface Who {
  readonly namespace: string;
  readonly source: Source | undefined;
}

/** The Services of all clusters that have a port for TCP: what one cluster has, others know under the same host. */
export const callableServices = oncePerObject((ir: PolicyIr): readonly CallableService[] => {
  const policiesOf = policiesByWorkload(ir);
  return ir.topology.clusters.flatMap((cluster) =>
    [...cluster.services.values()]
      .filter(({ ports }) => ports.some(({ transport }) => transport === 'TCP'))
      .map((service) => ({ service, callers: callersOf(policiesOf, cluster, service) })),
  );
});

/** Whether the intents let somebody of them call. */
export function mayCall({ callers }: CallableService, who: Who): boolean {
  return callers === 'anyone' || callers.some((caller) => mayMean(caller, who));
}

/** Who is outside the mesh has no proxy that could know anything. */
export function isOutside(caller: Caller): boolean {
  return caller.kind === 'unidentified' || (caller.kind === 'addresses' && caller.outside);
}

function mayMean(caller: Caller, { namespace, source }: Who): boolean {
  if (isOutside(caller)) return false;
  if (source !== undefined) return means(caller, source);
  if (caller.kind === 'namespace') return isInNamespace(caller.namespace, `${namespace}/`);
  if (caller.kind !== 'identities') return true;
  return caller.serviceAccounts.some((account) => account.startsWith(`${namespace}/`));
}

type PoliciesOf = (workload: Workload) => readonly Pick<DestinationPolicy, 'default' | 'obligations'>[];

/** What holds for the pods of a workload, at whichever of their Services it is said. */
function policiesByWorkload(ir: PolicyIr): PoliciesOf {
  const defaultOf = nearestOf(ir.defaults);
  const pairs = ir.destinations.flatMap((policy) =>
    policy.destination.workloads.map((workload) => ({ key: keyInMesh(workload), policy })),
  );
  const known = groupBy(pairs, ({ key }) => key);
  return (workload) => {
    const policies = (known.get(keyInMesh(workload)) ?? []).map(({ policy }) => policy);
    if (policies.length > 0) return policies;
    const { cluster, namespace, name } = workload;
    const alone = { id: '', cluster, namespace, name, service: undefined, workloads: [workload] };
    return [{ default: defaultOf(alone), obligations: [] }];
  };
}

function callersOf(policiesOf: PoliciesOf, cluster: Cluster, { workloads }: Service): CallableService['callers'] {
  const pods = workloads.flatMap((key) => cluster.workloads.get(key) ?? []);
  const policies = pods.map((workload) => (isGuarded(workload) ? policiesOf(workload) : []));
  const isClosed = policies.length > 0 && policies.every((each) => each.length > 0 && each.every(denies));
  if (!isClosed) return 'anyone';
  const allows = policies.flat().flatMap(({ obligations }) => obligations.filter(({ effect }) => effect === 'Allow'));
  return [...new Set(allows.flatMap(({ callers }) => callers))];
}

/** Whether rules are enforced before its pods. */
function isGuarded({ mode: { plane } }: Workload): boolean {
  return plane !== 'none' && !infrastructure.has(plane);
}

function denies({ default: fallback }: Pick<DestinationPolicy, 'default'>): boolean {
  return fallback?.value === 'Deny';
}
