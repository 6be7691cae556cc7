import { diagnostic } from '../diagnostics/create.js';
import type { Inheritance, SecuritySettings } from '../parse/ast.js';
import { keyOf } from '../topology/model.js';
import type { ResolveContext } from './context.js';
import type { BoundScope, Setting } from './resolved.js';
import { onceEach, scopeLabel } from './scopes.js';
import { isShadow } from './stages.js';

/** Reports what becomes of wider rules where there are none, and where it could not be watched. */
export function checkInheritance({ report }: ResolveContext, settings: SecuritySettings): void {
  const inheritance = settings.authorization?.inheritance;
  if (inheritance === undefined || inheritance.value === 'Add') return;
  const { value, span } = inheritance;
  const { kind } = settings.scope;
  if (kind === 'mesh' || kind === 'gateway') report(diagnostic('inheritance-of-widest', { value, kind }, span));
  if (isShadow(settings)) report(diagnostic('inheritance-not-watched', { value, settings: settings.name.value }, span));
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
