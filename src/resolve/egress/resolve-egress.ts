import { diagnostic } from '../../diagnostics/create.js';
import type { CallerReference, EgressRule, SecuritySettings } from '../../parse/ast.js';
import { infrastructure, keyOf, type Workload } from '../../topology/model.js';
import { sortBy, sortedUnique } from '../../util/order.js';
import { resolveCallers } from '../callers.js';
import type { ResolveContext } from '../context.js';
import type { BoundScope, Caller } from '../resolved.js';
import type { EgressCallers, ResolvedEgress, ResolvedEgressRule } from '../resolved-egress.js';
import { bindScope, destinationsIn, scopeLabel } from '../scopes.js';
import { isShadow } from '../stages.js';
import { targetsOf } from './targets.js';

type Scope = ResolvedEgress['scope'];

/** Binds what settings say of calls out of the mesh. */
export function resolveEgress(
  context: ResolveContext,
  settings: readonly SecuritySettings[],
): readonly ResolvedEgress[] {
  return settings.flatMap((each) => {
    const { egress, scope: written, name } = each;
    if (egress === undefined) return [];
    if (written.kind === 'mesh' || written.kind === 'gateway') {
      const scope = written.kind === 'mesh' ? 'the mesh' : 'a gateway';
      context.report(diagnostic('egress-of-scope', { scope }, egress.span));
      return [];
    }
    if (isShadow(each)) context.report(diagnostic('egress-not-watched', { settings: name.value }, egress.span));
    const scope = bindScope(context, written);
    if (scope === undefined || scope.kind === 'mesh') return [];
    const workloads = workloadsIn(context, scope);
    const said = { reason: undefined, owner: undefined, ticket: undefined };
    return [
      {
        origin: { id: `${name.value}/egress`, span: egress.span, ...said },
        scope,
        workloads,
        rules: egress.allow.map((rule) => resolveRule(context, name.value, { scope, workloads }, rule)),
      },
    ];
  });
}

function workloadsIn(context: ResolveContext, scope: BoundScope): readonly Workload[] {
  const all = destinationsIn(context, scope).flatMap(({ workloads }) => workloads);
  return sortBy(
    all.filter(({ mode }) => !infrastructure.has(mode.plane)),
    ({ cluster }) => cluster,
    keyOf,
  );
}

interface Site {
  readonly scope: Scope;
  readonly workloads: readonly Workload[];
}

function resolveRule(context: ResolveContext, settings: string, site: Site, rule: EgressRule): ResolvedEgressRule {
  const { name, reason, owner, ticket, from } = rule;
  return {
    origin: { id: `${settings}/${name.value}`, span: name.span, reason, owner, ticket },
    callers: from && callersOf(context, site, rule, from),
    targets: targetsOf(context, rule),
  };
}

/** Workloads of the scope, by whatever name: of others the settings say nothing. */
function callersOf(
  context: ResolveContext,
  { scope, workloads }: Site,
  { name }: EgressRule,
  from: readonly CallerReference[],
): EgressCallers {
  const callers = resolveCallers(context, from, scope.namespace, name.span);
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
