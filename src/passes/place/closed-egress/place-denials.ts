import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import type { Condition } from '../../../parse/ast.js';
import type { Caller, Destination, NamedCaller, Origin } from '../../../resolve/resolved.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { groupBy, sortedNumbers, sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { sourceMatches } from '../source-match.js';
import { accountOf, type ClosedScope, closedScopes, type Opening, openingsOf } from './closed-scopes.js';

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

/** One rule for the ports at which the same is denied to the same callers. */
function rulesFor(
  context: PlaceContext,
  scope: ClosedScope,
  hosts: readonly Destination[],
  ports: readonly number[],
): readonly PlacedRule[] {
  const denied = ports.flatMap((port) => deniedAt(context, scope, hosts, port).map((each) => ({ port, ...each })));
  const groups = groupBy(denied, ({ caller, conditions }) => JSON.stringify([meaningOf(caller), textsOf(conditions)]));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    checkSharers(context, scope, first.caller);
    const opening = new Set(same.flatMap((each) => each.origins));
    return [
      {
        origins: [...scope.origins, ...opening],
        sources: sourceMatches(context.ir.topology, [first.caller]),
        ports: same.length === ports.length ? undefined : same.map(({ port }) => port),
        conditions: first.conditions,
        why: [],
      },
    ];
  });
}

function meaningOf(caller: Caller): unknown {
  const except = caller.except.map((each) => (each.kind === 'identities' ? each.serviceAccounts : []));
  return caller.kind === 'identities' ? caller.serviceAccounts : except;
}

function textsOf(conditions: readonly Condition[]): unknown {
  return conditions.map(({ key, name, values }) => [key, name, values.map(({ value }) => value)]);
}

/** Callers of a scope to whom something is denied: all of it, or the requests that no rule opens to them. */
interface Denied {
  readonly caller: Caller;
  readonly conditions: readonly Condition[];
  readonly origins: readonly Origin[];
}

/** Who may call one of the hosts of an entry and not the other is denied: only a ServiceEntry has a policy. */
function deniedAt(
  context: PlaceContext,
  scope: ClosedScope,
  hosts: readonly Destination[],
  port: number,
): readonly Denied[] {
  const [origin] = scope.origins;
  if (origin === undefined) return [];
  const openings = hosts.map(({ id }) => openingsOf(context.ir, id, port));
  const origins = openings.flat().map((each) => each.origin);
  const known = sortedUnique([
    ...scope.workloads.map(accountOf),
    ...openings.flat().flatMap(({ accounts }) => accounts.filter((account) => isOfScope(scope, account))),
  ]);
  const who = (account: string | undefined) => opened(openings, scope.label, account);
  const verdicts = known.map((account) => ({ account, found: who(account) }));
  const said = { label: scope.label, span: origin.span };
  const place = { host: `${hosts[0]?.service?.host}:${port}`, who: scope.label, span: origin.span };
  const groups = groupBy(verdicts, ({ found }) => keyOfOpened(found));
  const rest = scope.scope.kind === 'namespace' ? keyOfOpened(who(undefined)) : undefined;
  const keys = sortedUnique([...groups.keys(), ...(rest === undefined ? [] : [rest])]);
  return keys.flatMap((key) => {
    const members = (groups.get(key) ?? []).map(({ account }) => account);
    const others = known.filter((account) => !members.includes(account));
    const caller: Caller =
      key === rest
        ? {
            kind: 'namespace',
            namespace: scope.scope.namespace,
            members: [],
            except: exceptions(others, said),
            ...said,
          }
        : identities(members, said);
    const found = key === rest ? who(undefined) : (groups.get(key)?.[0]?.found ?? 'nothing');
    return beyond(context, found, place).map((conditions) => ({ caller, conditions, origins }));
  });
}

function isOfScope({ scope }: ClosedScope, account: string): boolean {
  return scope.kind === 'namespace' && account.startsWith(`${scope.namespace}/`);
}

/** What is opened to somebody of a scope at all hosts of an entry: everything, nothing, or requests that look like one of these. */
type Opened = 'everything' | 'nothing' | ReadonlyArray<readonly Condition[]>;

function opened(hosts: ReadonlyArray<readonly Opening[]>, scope: string, account: string | undefined): Opened {
  const found = hosts.map((openings): Opened => {
    const own = openings.filter((each) => speaksOf(each, scope, account));
    if (own.some(({ conditions }) => conditions.length === 0)) return 'everything';
    return own.length === 0 ? 'nothing' : own.map(({ conditions }) => conditions);
  });
  const [first = 'nothing', ...others] = found;
  return others.every((each) => keyOfOpened(each) === keyOfOpened(first)) ? first : 'nothing';
}

function speaksOf({ scope, named, accounts }: Opening, own: string, account: string | undefined): boolean {
  if (named === undefined && scope === own) return true;
  return account !== undefined && accounts.includes(account);
}

function keyOfOpened(found: Opened): string {
  return typeof found === 'string' ? found : JSON.stringify(found.map(textsOf));
}

const mostRules = 16;

/** What is not opened, each part by its conditions: of every way to be opened one thing does not hold. */
function beyond(
  { report }: PlaceContext,
  found: Opened,
  { host, who, span }: { readonly host: string; readonly who: string; readonly span: Span },
): ReadonlyArray<readonly Condition[]> {
  if (found === 'everything') return [];
  if (found === 'nothing') return [[]];
  const count = found.reduce((product, conditions) => product * conditions.length, 1);
  if (count > mostRules) {
    report(diagnostic('egress-too-many-openings', { host, who, count, most: mostRules }, span));
    return [];
  }
  const parts = found.reduce<ReadonlyArray<readonly Condition[]>>(
    (all, conditions) => all.flatMap((part) => conditions.map((condition) => without(part, condition))),
    [[]],
  );
  return [...groupBy(parts, (part) => JSON.stringify(textsOf(part))).values()].flatMap((same) => same.slice(0, 1));
}

/** A part of the requests, without those for which a condition holds. */
function without(part: readonly Condition[], condition: Condition): readonly Condition[] {
  const same = part.find(({ key, name }) => key === condition.key && name === condition.name);
  const values = uniqueValues([...(same?.values ?? []), ...condition.values]);
  return [...part.filter((each) => each !== same), { ...condition, values, isNegated: true }];
}

function uniqueValues(values: Condition['values']): Condition['values'] {
  return [...groupBy(values, ({ value }) => value).values()].flatMap((same) => same.slice(0, 1));
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
