import { diagnostic } from '../diagnostics/create.js';
import type { Authorization, Pin } from '../parse/ast.js';
import { ruleNameOf } from './authorization-modes.js';
import type { BindContext } from './context.js';

/** A rule with the pin of its settings, unless it has one itself. */
export function pinned<Rule extends { readonly pin: Pin | undefined }>(
  authorization: Pick<Authorization, 'pin'> | undefined,
  rule: Rule,
): Rule {
  return { ...rule, pin: rule.pin ?? authorization?.pin };
}

/** A default closes every place, so that a pin beside it is for rules alone. */
export function checkPin({ report }: Pick<BindContext, 'report'>, authorization: Authorization | undefined): void {
  if (authorization?.pin === undefined) return;
  const { allow, deny, external, pin } = authorization;
  const rules = [...allow, ...deny, ...external].filter((rule) => rule.pin === undefined);
  if (rules.length + ruleNameOf(authorization).length > 0) return;
  report(diagnostic('pin-of-nothing', { why: 'every rule beside it says its own, or there is none' }, pin.span));
}
