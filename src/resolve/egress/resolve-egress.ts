import { diagnostic } from '../../diagnostics/create.js';
import type { CallerReference, EgressRule, SecuritySettings } from '../../parse/ast.js';
import { infrastructure, keyOf, type Workload } from '../../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import { resolveCallers } from '../callers.js';
import type { ResolveContext } from '../context.js';
import type { BoundScope, Caller } from '../resolved.js';
import type { EgressCallers, ResolvedEgress, ResolvedEgressRule } from '../resolved-egress.js';
import { bindScope, destinationsIn, namespaceOf, scopeLabel } from '../scopes.js';
import { isShadow } from '../stages.js';
import { targetsOf } from './targets.js';

type Part = ResolvedEgress['scope'];

/** Binds what settings say of calls out of the mesh. */
export function resolveEgress(
  context: ResolveContext,
  settings: readonly SecuritySettings[],
): readonly ResolvedEgress[] {
  return settings.flatMap((each) => {
    const { egress, scope: written, name } = each;
    if (egress === undefined) return [];
    if (written.kind === 'gateway') {
      context.report(diagnostic('egress-of-scope', { scope: 'a gateway' }, egress.span));
      return [];
    }
    if (isShadow(each)) context.report(diagnostic('egress-not-watched', { settings: name.value }, egress.span));
    const scope = bindScope(context, written);
    if (scope === undefined) return [];
    const workloads = workloadsIn(context, scope);
    const said = { reason: undefined, owner: undefined, ticket: undefined };
    const origin = { id: `${name.value}/egress`, span: egress.span, ...said };
    const rules = egress.allow.map((rule) => resolveRule(context, name.value, { scope, workloads }, rule));
    const parts = scope.kind === 'mesh' ? partsOfMesh(context, workloads) : [scope];
    const { isOwnBackstop } = egress;
    const accept = egress.accept.filter(context.isInForce);
    const isOfMesh = scope.kind === 'mesh';
    return parts.map((part) => partOf(part, { origin, isOfMesh, workloads, rules, isOwnBackstop, accept }));
  });
}

/** NetworkPolicies are for the pods of a namespace: all of it where everything in it takes part in the mesh. */
function partsOfMesh({ topology }: ResolveContext, members: readonly Workload[]): readonly Part[] {
  const all = topology.clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const isOutside = groupBy(
    all.filter(({ mode }) => mode.plane === 'none'),
    ({ namespace }) => namespace,
  );
  return [...groupBy(members, ({ namespace }) => namespace)].flatMap(([namespace, workloads]): readonly Part[] => {
    if (!isOutside.has(namespace)) return [{ kind: 'namespace', namespace }];
    return sortedUnique(workloads.map(({ name }) => name)).map((name) => ({ kind: 'workload', namespace, name }));
  });
}

/** What settings say, for one part of their scope. */
function partOf(scope: Part, said: Omit<ResolvedEgress, 'scope'>): ResolvedEgress {
  const isIn = (workload: Workload) =>
    workload.namespace === scope.namespace && (scope.kind !== 'workload' || workload.name === scope.name);
  return {
    ...said,
    scope,
    workloads: said.workloads.filter(isIn),
    rules: said.rules.map((rule) => ({ ...rule, callers: rule.callers && callersIn(rule.callers, isIn) })),
  };
}

function callersIn({ workloads, serviceAccounts }: EgressCallers, isIn: (each: Workload) => boolean): EgressCallers {
  const own = workloads.filter(isIn);
  const accounts = new Set(own.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`));
  return { workloads: own, serviceAccounts: serviceAccounts.filter((account) => accounts.has(account)) };
}

function workloadsIn(context: ResolveContext, scope: BoundScope): readonly Workload[] {
  const all = destinationsIn(context, scope).flatMap(({ workloads }) => workloads);
  return sortBy(
    all.filter(({ mode }) => !infrastructure.has(mode.plane) && (scope.kind !== 'mesh' || mode.plane !== 'none')),
    ({ cluster }) => cluster,
    keyOf,
  );
}

interface Site {
  readonly scope: BoundScope;
  readonly workloads: readonly Workload[];
}

function resolveRule(context: ResolveContext, settings: string, site: Site, rule: EgressRule): ResolvedEgressRule {
  const { name, reason, owner, ticket, from } = rule;
  return {
    origin: { id: `${settings}/${name.value}`, span: name.span, reason, owner, ticket },
    callers: from && callersOf(context, site, rule, from),
    targets: targetsOf(context, rule, new Set(site.workloads.map(({ namespace }) => namespace))),
  };
}

/** Workloads of the scope, by whatever name: of others the settings say nothing. */
function callersOf(
  context: ResolveContext,
  { scope, workloads }: Site,
  { name }: EgressRule,
  from: readonly CallerReference[],
): EgressCallers {
  const callers = resolveCallers(context, from, namespaceOf(scope), name.span);
  const inScope = new Set(workloads.map(keyOf));
  for (const caller of callers) {
    const isOfScope = caller.kind === 'identities' && caller.members.every((member) => inScope.has(member.name));
    if (isOfScope) continue;
    context.report(
      diagnostic('egress-caller-elsewhere', { caller: caller.label, scope: scopeLabel(scope) }, caller.span),
    );
  }
  const named = callers.filter(isNamed);
  const members = new Set(named.flatMap((caller) => caller.members.map((member) => member.name)));
  return {
    workloads: workloads.filter((workload) => members.has(keyOf(workload))),
    serviceAccounts: sortedUnique(named.flatMap((caller) => caller.serviceAccounts)),
  };
}

function isNamed(caller: Caller): caller is Extract<Caller, { kind: 'identities' }> {
  return caller.kind === 'identities';
}
