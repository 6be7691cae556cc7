import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import type { Caller, Destination, NamedCaller, Origin } from '../../../resolve/resolved.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { groupBy, sortedNumbers, sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { sourceMatches } from '../source-match.js';
import { accountOf, type ClosedScope, closedScopes, type Opened, openedTo } from './closed-scopes.js';

/**
 * The denials at waypoints of hosts outside the mesh: whoever is to call nothing outside comes to a waypoint as to any pod of
 * the cluster, whoever put it there. A policy is for a ServiceEntry with all its hosts.
 */
export function placeEgressDenials(context: PlaceContext, cluster: Cluster): readonly PlacedPolicy[] {
  const scopes = outermost(closedScopes(context.ir, cluster));
  if (scopes.length === 0) return [];
  const all = [...context.ir.outsideHosts.values()].flat();
  const behind = all.filter((destination) => destination.cluster === cluster.name && hasWaypoint(context, destination));
  const entries = groupBy(behind, ({ namespace, service }) => keyOf({ namespace, name: service?.object.name ?? '' }));
  return [...entries.values()].flatMap((hosts) => denialsOf(context, scopes, hosts));
}

/** Settings of a namespace speak of all its workloads. */
function outermost(scopes: readonly ClosedScope[]): readonly ClosedScope[] {
  const whole = new Set(scopes.flatMap(({ scope }) => (scope.kind === 'namespace' ? [scope.namespace] : [])));
  return scopes.filter(({ scope }) => scope.kind === 'namespace' || !whole.has(scope.namespace));
}

function hasWaypoint({ ir }: PlaceContext, { id, service }: Destination): boolean {
  const policy = ir.destinations.find(({ destination }) => destination.id === id);
  return policy?.waypoint !== undefined || service?.binding.kind === 'bound';
}

function denialsOf(
  context: PlaceContext,
  scopes: readonly ClosedScope[],
  hosts: readonly Destination[],
): readonly PlacedPolicy[] {
  const [first] = hosts;
  if (first?.service === undefined) return [];
  const { cluster, namespace, service } = first;
  const { name } = service.object;
  const numbers = sortedNumbers(service.ports.map((port) => port.number));
  const rules = scopes.flatMap((scope) => rulesFor(context, scope, hosts, numbers));
  if (rules.length === 0) return [];
  const attachment = { kind: 'service-entry', name } as const;
  const purpose = `who may not call ${hosts.map(({ service: host }) => host?.host).join(', ')}, which is outside the mesh`;
  const base = { cluster, namespace, name: `${name}-egress`, attachment, effect: 'Deny', role: 'rules' } as const;
  return [{ ...base, purpose, rules, origins: [] }];
}

/** One rule for the ports at which the same callers are denied. */
function rulesFor(
  context: PlaceContext,
  scope: ClosedScope,
  hosts: readonly Destination[],
  ports: readonly number[],
): readonly PlacedRule[] {
  const denied = ports.map((port) => ({ port, ...deniedAt(context, scope, hosts, port) }));
  const groups = groupBy(denied, ({ callers }) => JSON.stringify(callers.map(meaningOf)));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || first.callers.length === 0) return [];
    for (const caller of first.callers) checkSharers(context, scope, caller);
    const opening = new Set(same.flatMap((each) => each.origins));
    return [
      {
        origins: [...scope.origins, ...opening],
        sources: sourceMatches(context.ir.topology, first.callers),
        ports: same.length === ports.length ? undefined : same.map(({ port }) => port),
        conditions: [],
        why: [],
      },
    ];
  });
}

function meaningOf(caller: Caller): unknown {
  const except = caller.except.map((each) => (each.kind === 'identities' ? each.serviceAccounts : []));
  return caller.kind === 'identities' ? caller.serviceAccounts : except;
}

/** Who may call one of the hosts of an entry and not the other is denied: only a ServiceEntry has a policy. */
function deniedAt(
  { ir }: PlaceContext,
  { scope, label, workloads, origins }: ClosedScope,
  hosts: readonly Destination[],
  port: number,
): { readonly callers: readonly Caller[]; readonly origins: readonly Origin[] } {
  const opened = hosts.map(({ id }) => openedTo(ir, id, port));
  const allowing = opened.flatMap((each) => each.origins);
  if (opened.every(({ scopes }) => scopes.has(label))) return { callers: [], origins: allowing };
  const isAllowed = (account: string) => opened.every((each) => each.scopes.has(label) || isIn(each, account));
  const [origin] = origins;
  if (origin === undefined) return { callers: [], origins: [] };
  const said = { label, span: origin.span };
  if (scope.kind !== 'namespace') {
    const accounts = sortedUnique(workloads.map(accountOf)).filter((account) => !isAllowed(account));
    return { callers: accounts.length === 0 ? [] : [identities(accounts, said)], origins: allowing };
  }
  const { namespace } = scope;
  const except = sortedUnique(opened.flatMap(({ accounts }) => accounts)).filter(
    (account) => account.startsWith(`${namespace}/`) && isAllowed(account),
  );
  const caller: Caller = { kind: 'namespace', namespace, members: [], except: exceptions(except, said), ...said };
  return { callers: [caller], origins: allowing };
}

function isIn({ accounts }: Opened, account: string): boolean {
  return accounts.includes(account);
}

type Said = Pick<Caller, 'label' | 'span'>;

function identities(serviceAccounts: readonly string[], said: Said): NamedCaller {
  return { kind: 'identities', serviceAccounts, members: [], sharers: [], except: [], ...said };
}

function exceptions(accounts: readonly string[], said: Said): readonly NamedCaller[] {
  return accounts.length === 0 ? [] : [identities(accounts, said)];
}

/** A waypoint sees accounts: who shares one with a workload of the scope would be denied as well. */
function checkSharers(context: PlaceContext, { scope, workloads, origins }: ClosedScope, caller: Caller): void {
  if (scope.kind === 'namespace' || caller.kind !== 'identities') return;
  const own = new Set(workloads.map(keyOf));
  const sharer = context.sources.find(
    ({ name, serviceAccount, plane }) =>
      plane === 'ambient' && caller.serviceAccounts.includes(serviceAccount) && !own.has(name),
  );
  const other = workloads.find((workload) => accountOf(workload) === sharer?.serviceAccount);
  if (sharer === undefined || other === undefined) return;
  const parameters = { workload: sharer.name, account: sharer.serviceAccount, other: keyOf(other) };
  const witness = `a connection of ${sharer.name} to a host outside is refused, of which no settings speak`;
  context.report(diagnostic('egress-shared-identity', parameters, origins[0]?.span ?? null, { witness }));
}
