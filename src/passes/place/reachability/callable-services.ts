import type { DestinationPolicy, PolicyIr } from '../../../ir/policy-ir.js';
import { isInNamespace } from '../../../resolve/namespace-pattern.js';
import type { Caller, Source } from '../../../resolve/resolved.js';
import { nearestOf } from '../../../resolve/scopes.js';
import { hasListedEndpoints } from '../../../topology/endpoints.js';
import { infrastructure, keyInMesh, keyOf, type Service, type Workload } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import { groupBy } from '../../../util/order.js';
import { clusterOf } from '../../clusters.js';
import { means } from '../../reach.js';

/** A Service, in each cluster that has it, and whom the intents let call its pods. */
export interface CallableService {
  readonly services: readonly Service[];
  readonly callers: 'anyone' | readonly Caller[];
}

/** Whose sidecars are asked about: the pods of one workload, or all of a namespace, those that are not there yet included. */
export interface Who {
  readonly namespace: string;
  readonly source: Source | undefined;
}

/** Those with a port for TCP. What one cluster has, others know under the same host, with the pods of all. */
export const callableServices = oncePerObject((ir: PolicyIr): readonly CallableService[] => {
  const policiesOf = policiesByWorkload(ir);
  const podsOf = ({ cluster: name, workloads }: Service) =>
    workloads.flatMap((key) => clusterOf(ir.topology, name).workloads.get(key) ?? []);
  const leadsElsewhere = ({ cluster: name, workloads, ...service }: Service) =>
    workloads.length === 0 && hasListedEndpoints(clusterOf(ir.topology, name).endpointLists, keyOf(service));
  const all = ir.topology.clusters
    .flatMap((cluster) => [...cluster.services.values()])
    .filter(({ ports }) => ports.some(({ transport }) => transport === 'TCP'));
  return [...groupBy(all, ({ host }) => host).values()].map((services) => ({
    services,
    callers: services.some(leadsElsewhere) ? 'anyone' : callersOf(policiesOf, services.flatMap(podsOf)),
  }));
});

/** Whether the intents let somebody of them call. */
export function mayCall({ callers }: CallableService, who: Who): boolean {
  return callers === 'anyone' || callers.some((caller) => mayMean(caller, who));
}

/** Who is outside the mesh has no proxy that could know anything. */
export function isOutside(caller: Caller): boolean {
  return (caller.kind === 'unidentified' && caller.isOne) || (caller.kind === 'addresses' && caller.outside);
}

function mayMean(caller: Caller, { namespace, source }: Who): boolean {
  if (isOutside(caller)) return false;
  if (caller.kind === 'unidentified') return true;
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

function callersOf(policiesOf: PoliciesOf, pods: readonly Workload[]): CallableService['callers'] {
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
