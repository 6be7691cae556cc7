import { diagnostic } from '../diagnostics/create.js';
import type { Inheritance, SecuritySettings } from '../parse/ast.js';
import { keyInMesh, keyOf } from '../topology/model.js';
import type { ResolveContext } from './context.js';
import type { BoundScope, ResolvedRule, Setting } from './resolved.js';
import { destinationsIn, onceEach, scopeLabel, scopesAround } from './scopes.js';
import { isShadow } from './stages.js';

/** Reports what becomes of wider rules where there are none. */
export function checkInheritance({ report }: ResolveContext, settings: SecuritySettings): void {
  const inheritance = settings.authorization?.inheritance;
  if (inheritance === undefined || inheritance.value === 'Add') return;
  const { value, span } = inheritance;
  const { kind } = settings.scope;
  if (kind === 'mesh' || kind === 'gateway') report(diagnostic('inheritance-of-widest', { value, kind }, span));
}

/**
 * Reports what cannot be watched of a change of inheritance: a denial that would be gone goes on refusing, and so does an
 * authorizer, before anything that is watched is asked. What would no longer be allowed is watched like any other rule.
 */
export function checkWatchedInheritance(
  context: ResolveContext,
  security: readonly SecuritySettings[],
  inheritances: ReadonlyArray<Setting<Inheritance>>,
  rules: readonly ResolvedRule[],
): void {
  const shadows = security.filter(isShadow);
  const isEnforced = ({ origin }: ResolvedRule) => !shadows.some(({ name }) => origin.id.startsWith(`${name.value}/`));
  for (const { name, authorization } of shadows) {
    const span = authorization?.inheritance?.span;
    const setting = inheritances.find(({ value, origin }) => value === 'Replace' && origin.span === span);
    const kept = setting && rules.filter(isEnforced).find((rule) => isReplaced(context, rule, setting));
    if (kept === undefined || span === undefined) continue;
    const notes = [{ message: 'the rule that stays in force', span: kept.origin.span }];
    const parameters = { rule: kept.origin.id, settings: name.value };
    context.report(diagnostic('inheritance-not-watched', parameters, span, { notes }));
  }
}

/** Whether a denial, or a question to an authorizer, of a wider scope would no longer count in a scope. */
function isReplaced(
  context: ResolveContext,
  { effect, mandate, scope, targets }: ResolvedRule,
  setting: Setting<Inheritance>,
): boolean {
  const isWider = scopesAround(context, setting.scope).some((wide) => scopeLabel(wide) === scopeLabel(scope));
  const pods = new Set(destinationsIn(context, setting.scope).flatMap(({ workloads }) => workloads.map(keyInMesh)));
  const isFelt = targets.some(({ destination: { workloads } }) => workloads.some((each) => pods.has(keyInMesh(each))));
  return effect === 'Deny' && mandate === undefined && isWider && isFelt;
}

/** What each scope does with the rules of wider ones, where that is anything else than adding them up. */
export function resolveInheritances(
  context: ResolveContext,
  written: ReadonlyArray<Setting<Inheritance>>,
): ReadonlyArray<Setting<Inheritance>> {
  const settings = onceEach(context, 'contradictory-inheritance', written).filter(({ value }) => value !== 'Add');
  for (const setting of settings) checkSharedPods(context, setting, settings);
  return settings;
}

/** Nothing at a pod tells by which of its Services a request came: they have to take rules over alike. */
function checkSharedPods(
  { destinations, report }: ResolveContext,
  { value, scope, origin }: Setting<Inheritance>,
  settings: ReadonlyArray<Setting<Inheritance>>,
): void {
  if (scope.kind !== 'service') return;
  const shared = destinations.service(keyOf(scope)).flatMap(({ workloads }) => workloads);
  const others = shared.flatMap(({ services }) => services.filter((key) => key !== keyOf(scope)));
  const [other] = others.filter((key) => !settings.some((each) => each.value === value && isService(each.scope, key)));
  if (other === undefined) return;
  const parameters = { value, scope: scopeLabel(scope), other };
  report(diagnostic('inheritance-of-shared-pods', parameters, origin.span));
}

function isService(scope: BoundScope, key: string): boolean {
  return scope.kind === 'service' && keyOf(scope) === key;
}
