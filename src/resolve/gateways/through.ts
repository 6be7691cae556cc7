import { diagnostic } from '../../diagnostics/create.js';
import type { Authorization, Effect, Rule, SecuritySettings, TargetReference } from '../../parse/ast.js';
import type { ResolveContext } from '../context.js';
import { mandateOf } from '../mandates.js';

/** A rule of an application, of which some destinations are meant as a gateway leads to them. */
export interface RuleThroughGateway {
  readonly settings: SecuritySettings;
  readonly effect: Effect;
  readonly rule: Rule;
  readonly target: TargetReference & { readonly through: NonNullable<TargetReference['through']> };
}

/** What the settings of applications say of requests that come by gateways. */
export function rulesThroughGateways(settings: readonly SecuritySettings[]): readonly RuleThroughGateway[] {
  return settings
    .filter(({ scope }) => scope.kind !== 'gateway')
    .flatMap((each) => {
      const { allow = [], deny = [] } = each.authorization ?? {};
      const of = (effect: Effect) => (rule: Rule) =>
        (rule.to ?? []).flatMap((target): RuleThroughGateway[] =>
          isThrough(target) ? [{ settings: each, effect, rule, target }] : [],
        );
      return [...allow.flatMap(of('Allow')), ...deny.flatMap(of('Deny'))];
    });
}

/** The rules without what they say of requests that come by gateways. */
export function withoutThrough(rules: Authorization['allow']): readonly Rule[] {
  return rules.flatMap((rule) => {
    const to = rule.to?.filter((target) => !isThrough(target));
    return rule.to !== undefined && to?.length === 0 ? [] : [{ ...rule, to }];
  });
}

/** Reports `through` where nothing is written for it. */
export function checkThrough({ report }: ResolveContext, { scope, authorization, mtls }: SecuritySettings): void {
  const { allow = [], deny = [], external = [], audit = [], delegatesTo = [] } = authorization ?? {};
  const ofGateway = scope.kind === 'gateway' ? [...allow, ...deny] : [];
  for (const { to = [] } of [...ofGateway, ...external, ...audit, ...(mtls?.plaintext ?? [])])
    for (const { through } of to) if (through) report(diagnostic('through-out-of-place', {}, through.span));
  const [delegation] = delegatesTo;
  if (delegation && scope.kind !== 'gateway') report(diagnostic('delegation-of-no-gateway', {}, delegation.span));
}

/** Reports a mandate in a rule that speaks of gateways: it would hold nobody, for narrower settings replace nothing there. */
export function checkMandatesThrough({ report }: ResolveContext, { scope, authorization }: SecuritySettings): void {
  if (scope.kind === 'gateway') return;
  const { allow = [], deny = [], mandate: wide } = authorization ?? {};
  for (const { name, mandate: own, to } of [...allow, ...deny]) {
    const mandate = to?.some(isThrough) ? mandateOf(own, mandateOf(wide)) : undefined;
    if (mandate) report(diagnostic('mandate-through-gateway', { rule: name.value }, mandate));
  }
}

function isThrough(target: TargetReference): target is RuleThroughGateway['target'] {
  return target.through !== undefined;
}
