import type { Effect, Inheritance } from '../parse/ast.js';
import { groupBy } from '../util/order.js';
import type { ResolveContext } from './context.js';
import type { BoundScope, Setting } from './resolved.js';
import { scopeLabel, scopesAround } from './scopes.js';

/** The defaults that decide: under `Stricter` one of Allow opens nothing that wider scopes close. */
export function settledDefaults(
  context: Pick<ResolveContext, 'destinations'>,
  defaults: ReadonlyArray<Setting<Effect>>,
  inheritances: ReadonlyArray<Setting<Inheritance>>,
): ReadonlyArray<Setting<Effect>> {
  const stricter = new Set(inheritances.flatMap(({ value, scope }) => (value === 'Stricter' ? scopeLabel(scope) : [])));
  if (stricter.size === 0) return defaults;
  const byScope = new Map(defaults.map((setting) => [scopeLabel(setting.scope), setting.value]));
  const isDenied = (scope: BoundScope): boolean => {
    const around = groupBy(scopesAround(context, scope), ({ kind }) => kind);
    const nearest = [...around.values()].reverse().map((scopes) => scopes.flatMap((each) => settled(each) ?? []));
    const decisive = nearest.find((values) => values.length > 0) ?? [];
    return decisive.length > 0 && decisive.every((value) => value === 'Deny');
  };
  const settled = (scope: BoundScope): Effect | undefined => {
    const own = byScope.get(scopeLabel(scope));
    return own === 'Allow' && stricter.has(scopeLabel(scope)) && isDenied(scope) ? undefined : own;
  };
  return defaults.filter(({ scope }) => settled(scope) !== undefined);
}
