import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedPolicy, PlacedRule } from '../../../ir/policy-ir.js';
import type { Condition } from '../../../parse/ast.js';
import type { Caller, Destination, NamedCaller, Origin } from '../../../resolve/resolved.js';
import { type Cluster, keyOf } from '../../../topology/model.js';
import { groupBy, sortedNumbers, sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { sourceMatches } from '../source-match.js';
import { checkOpenedSharers, checkSharers } from './check-sharers.js';
import { accountOf, type ClosedScope, closedScopes, openingsOf } from './closed-scopes.js';
import { beyond, keyOfOpened, opened, rulesBeyond, textsOf } from './openings.js';

/**
 * The denials at waypoints of hosts outside the mesh: whoever is to call nothing outside comes to a waypoint as to any pod of
 * the cluster, whoever put it there. A policy is for a ServiceEntry with all its hosts.
 */
export function placeEgressDenials(context: PlaceContext, cluster: Cluster): readonly PlacedPolicy[] {
  const scopes = outermost(closedScopes(context.ir, cluster));
  if (scopes.length === 0) return [];
  const all = [...context.ir.outsideHosts.values()].flat();
  const behind = all.filter((destination) => destination.cluster === cluster.name && hasWaypoint(context, destination));
  for (const destination of behind) checkOpenedSharers(context, cluster, destination);
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
        sources: sourceMatches(context, [first.caller]),
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

/** Callers of a scope to whom something is denied: all of it, or the requests that no rule opens to them. */
interface Denied {
  readonly caller: Caller;
  readonly conditions: readonly Condition[];
  readonly origins: readonly Origin[];
}

/** What can still be read of one kind of callers. */
const mostRules = 16;

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
  const place = { host: `${hosts[0]?.service?.host}:${port}`, who: scope.label };
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
    const count = rulesBeyond(found);
    if (count > mostRules) {
      context.report(diagnostic('egress-too-many-openings', { ...place, count, most: mostRules }, origin.span));
      return [];
    }
    return beyond(found).map((conditions) => ({ caller, conditions, origins }));
  });
}

function isOfScope({ scope }: ClosedScope, account: string): boolean {
  return scope.kind === 'namespace' && account.startsWith(`${scope.namespace}/`);
}

type Said = Pick<Caller, 'label' | 'span'>;

function identities(serviceAccounts: readonly string[], said: Said): NamedCaller {
  return { kind: 'identities', serviceAccounts, members: [], sharers: [], except: [], ...said };
}

function exceptions(accounts: readonly string[], said: Said): readonly NamedCaller[] {
  return accounts.length === 0 ? [] : [identities(accounts, said)];
}
