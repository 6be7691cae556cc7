import { accountOf } from '../../mesh/identity.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import type { ManifestObject } from '../../parse/document.js';
import type { CompileResult } from '../../pipeline.js';
import type { CallerIdentity } from '../../resolve/resolved.js';
import { keyInMesh, type Workload } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';

/** Workloads that move in the same moments of a restart: what would be found if they did not is found of others. */
export type RestartGroups = (workloads: readonly Workload[]) => ReadonlyArray<readonly Workload[]>;

/**
 * A call is decided by what its two ends speak, by whom the called one is told of by name, and by nothing else of the caller. So
 * every workload has to meet, in another group, each of those who are told apart there, and one of the rest of each sort; the
 * others of that sort are found to do what this one does. Where anything else tells callers apart, all have to meet.
 */
export function restartGroups(results: readonly CompileResult[]): RestartGroups {
  if (!results.every(tellsCallersApartByIntentsAlone)) return (workloads) => workloads.map((each) => [each]);
  const names = namesAt(results);
  return (workloads) => inGroups(restarted(workloads, names));
}

/** Kinds that say nothing of who calls; of routes, those of gateways. */
const saysNothingOfCallers: ReadonlySet<string> = new Set([
  'Namespace',
  'Service',
  'ServiceAccount',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'ConfigMap',
  'Gateway',
  'GatewayClass',
  'PeerAuthentication',
  'RequestAuthentication',
]);

function tellsCallersApartByIntentsAlone({ objects, manifests, ir }: CompileResult): boolean {
  const isSilent = ({ object }: (typeof objects)[number]) =>
    saysNothingOfCallers.has(object.kind) || isRouteOfGateways(object);
  const byAddress = ir?.destinations.some(({ obligations }) =>
    obligations.some(({ callers }) => callers.some(({ kind }) => kind === 'addresses')),
  );
  return (
    byAddress === false &&
    objects.every(isSilent) &&
    manifests.every(({ object: { kind } }) => kind === 'AuthorizationPolicy' || saysNothingOfCallers.has(kind))
  );
}

function isRouteOfGateways({ kind, value }: ManifestObject): boolean {
  const parents = asArray(asObject(value.spec)?.parentRefs).map(asObject);
  const isGateway = (parent: ReturnType<typeof asObject>) => (asText(parent?.kind) ?? 'Gateway') === 'Gateway';
  return kind === 'HTTPRoute' && parents.length > 0 && parents.every(isGateway);
}

/** Whom rules about a workload name: ServiceAccounts as `namespace/name`, and namespaces. */
type Names = ReadonlySet<string>;

function namesAt(results: readonly CompileResult[]): (workload: Workload) => Names {
  const names = new Map<string, Set<string>>();
  for (const { destination, obligations } of results.flatMap(({ ir }) => ir?.destinations ?? [])) {
    const own = obligations.flatMap(({ callers }) =>
      callers.flatMap((caller) => [caller, ...caller.except].flatMap(namesOf)),
    );
    for (const key of destination.workloads.map(keyInMesh)) {
      names.set(key, new Set([...(names.get(key) ?? []), ...own]));
    }
  }
  const nobody: Names = new Set();
  return (workload) => names.get(keyInMesh(workload)) ?? nobody;
}

function namesOf(caller: CallerIdentity): readonly string[] {
  if (caller.kind === 'identities') return caller.serviceAccounts;
  if (caller.kind !== 'namespace') return [];
  return sortedUnique(caller.members.map(({ name }) => name.slice(0, name.indexOf('/'))));
}

/** Workloads of one restart, and who of them is to move while another does not. */
interface Restarted {
  readonly all: readonly Workload[];
  /** Those whom a workload tells apart: named callers, and who stands behind the same Services. */
  toldApartBy(workload: Workload): ReadonlySet<Workload>;
  /** All that are called and call in the same way, but for names. */
  readonly sorts: ReadonlyArray<readonly Workload[]>;
}

function restarted(all: readonly Workload[], namesOfCallers: (workload: Workload) => Names): Restarted {
  const named = groupBy(
    all.flatMap((workload) => [accountOf(workload), workload.namespace].map((name) => ({ name, workload }))),
    ({ name }) => name,
  );
  const behind = groupBy(
    all.flatMap((workload) =>
      workload.services.map((service) => ({ name: `${workload.cluster}/${service}`, workload })),
    ),
    ({ name }) => name,
  );
  const toldApartBy = oncePerObject((workload: Workload): ReadonlySet<Workload> => {
    const callers = [...namesOfCallers(workload)].flatMap((name) => named.get(name) ?? []);
    const beside = workload.services.flatMap((service) => behind.get(`${workload.cluster}/${service}`) ?? []);
    return new Set([...callers, ...beside].flatMap((each) => (each.workload === workload ? [] : [each.workload])));
  });
  return { all, toldApartBy, sorts: [...groupBy(all, sortOf).values()] };
}

/** What decides, beside its name, how a workload is called and calls. */
function sortOf({ cluster, mode, modeOnRestart, labels, annotations, hostNetwork }: Workload): string {
  const planes = [mode, modeOnRestart].map(({ plane, hbone }) => [plane, hbone]);
  const askingForPlanes = Object.entries(labels).filter(([name]) => /(?:^|\.)istio\.io\//.test(name));
  return JSON.stringify([cluster, planes, sortBy(askingForPlanes, String), annotations, hostNetwork]);
}

/** The fewest groups that are found by giving each workload the first one with nobody whom it has to meet. */
function inGroups(restart: Restarted): ReadonlyArray<readonly Workload[]> {
  const meetings = new Map(restart.all.map((workload) => [workload, new Set<Workload>()]));
  const meet = (one: Workload, other: Workload) => {
    meetings.get(one)?.add(other);
    meetings.get(other)?.add(one);
  };
  for (const one of restart.all) for (const other of restart.toldApartBy(one)) meet(one, other);
  for (;;) {
    const groupOf = new Map<Workload, number>();
    for (const each of restart.all) {
      const taken = new Set([...(meetings.get(each) ?? [])].map((other) => groupOf.get(other)));
      let group = 0;
      while (taken.has(group)) group += 1;
      groupOf.set(each, group);
    }
    const missing = restart.all.flatMap((each) =>
      missingFor(each, restart, groupOf).map((other) => [each, other] as const),
    );
    if (missing.length === 0) return [...groupBy(restart.all, (each) => groupOf.get(each)).values()];
    for (const [one, other] of missing) meet(one, other);
  }
}

/** One of each sort, where all of it that a workload does not tell apart are in its own group. */
function missingFor(
  workload: Workload,
  { toldApartBy, sorts }: Restarted,
  groupOf: ReadonlyMap<Workload, number>,
): readonly Workload[] {
  const apart = toldApartBy(workload);
  return sorts.flatMap((sort) => {
    const isOther = (each: Workload) => each !== workload && !apart.has(each);
    const isMet = (each: Workload) => isOther(each) && groupOf.get(each) !== groupOf.get(workload);
    return sort.some(isMet) ? [] : sort.filter(isOther).slice(0, 1);
  });
}
