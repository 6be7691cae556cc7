import { diagnostic } from '../diagnostics/create.js';
import type { Acceptance } from '../parse/acceptance.js';
import type { Authorization, AuthorizationMode, CallerReference, Effect, SecuritySettings } from '../parse/ast.js';
import { groupBy } from '../util/order.js';
import { resolveCallers } from './callers.js';
import type { BindContext } from './context.js';
import type { BoundScope, ResolvedRule } from './resolved.js';
import { destinationsIn, scopeLabel } from './scopes.js';
import { everything } from './targets.js';

/** What a mode does with a request that no rule mentions. */
export const defaultOfMode: Readonly<Record<AuthorizationMode, Effect>> = {
  Disabled: 'Allow',
  Cluster: 'Deny',
  Namespace: 'Deny',
  Group: 'Deny',
  Rules: 'Deny',
};

/** The names of the rules that come with modes. */
const ruleNames: Readonly<Partial<Record<AuthorizationMode, string>>> = {
  Cluster: 'mode-cluster',
  Namespace: 'mode-namespace',
  Group: 'mode-group',
};

/** The name of the rule that comes with the mode of an authorization, at the place of the mode. */
export function ruleNameOf({ mode }: Authorization): ResolvedRuleName[] {
  const name = mode && ruleNames[mode.value];
  return mode && name ? [{ name: { value: name, span: mode.span } }] : [];
}

interface ResolvedRuleName {
  readonly name: { readonly value: string; readonly span: NonNullable<Authorization['mode']>['span'] };
}

/** What beside a mode contradicts it. */
export function checkMode({ report }: BindContext, { authorization, scope }: SecuritySettings): void {
  if (authorization === undefined) return;
  const { mode, group, default: own } = authorization;
  if (group && mode?.value !== 'Group') {
    const what = mode ? `the mode is \`${mode.value}\`` : 'there is no `mode`';
    report(diagnostic('group-of-mode', { what }, group.span));
  }
  if (mode === undefined) return;
  if (scope.kind === 'gateway') report(diagnostic('mode-of-gateway', {}, mode.span));
  if (mode.value === 'Group' && group === undefined)
    report(diagnostic('group-of-mode', { what: 'no `group` is named' }, mode.span));
  if (own) report(diagnostic('mode-beside-default', { mode: mode.value }, own.span));
  if (mode.value !== 'Disabled') return;
  for (const list of ['allow', 'deny', 'external'] as const) {
    const [first] = authorization[list];
    if (first) report(diagnostic('rules-beside-disabled', { list }, first.name.span));
  }
}

/** What is wrong with allow rules beside `Disabled` is told once. */
export function allowedBeside({ mode, allow }: Authorization): Authorization['allow'] {
  return mode?.value === 'Disabled' ? [] : allow;
}

/** A mode that a scope is given, which has to be the only one. */
export interface ScopedMode {
  readonly scope: BoundScope;
  readonly mode: NonNullable<Authorization['mode']>;
}

export function reportContradictoryModes({ report }: BindContext, modes: readonly ScopedMode[]): void {
  for (const [scope, [first, ...others]] of groupBy(modes, (each) => scopeLabel(each.scope))) {
    for (const { mode } of others) {
      if (first === undefined || mode.value === first.mode.value) continue;
      const notes = [{ message: 'the other mode is here', span: first.mode.span }];
      const parameters = { scope, first: first.mode.value, second: mode.value };
      report(diagnostic('contradictory-mode', parameters, mode.span, { notes }));
    }
  }
}

/**
 * The rules that come with a mode: one, and of the mesh's `Namespace` one for each namespace, whose name no rule that is
 * written can have.
 */
export function rulesOfMode(
  context: BindContext,
  settings: string,
  scope: BoundScope,
  authorization: Authorization,
  accept: readonly Acceptance[],
): ResolvedRule[] {
  const { mode } = authorization;
  const [rule] = ruleNameOf(authorization);
  if (mode === undefined || rule === undefined) return [];
  const { span } = mode;
  const bind = (name: string, from: CallerReference | undefined, isMeant: (namespace: string) => boolean) => ({
    origin: { id: `${settings}/${name}`, span, reason: undefined, owner: undefined, ticket: undefined },
    scope,
    // It belongs to the default, and holds as far as that does.
    mandate: undefined,
    effect: 'Allow' as const,
    authorizer: undefined,
    callers: from ? resolveCallers(context, [from], undefined, span) : [],
    targets: destinationsIn(context, scope)
      .filter(({ namespace }) => isMeant(namespace))
      .map((destination) => everything(destination, span)),
    issuers: [],
    ...(authorization.pin && { pin: authorization.pin }),
    accept,
  });
  if (mode.value !== 'Namespace') return [bind(rule.name.value, callersOf(authorization), () => true)];
  const own = (namespace: string): CallerReference => ({ kind: 'namespace', reference: namespace, except: [], span });
  if (scope.kind !== 'mesh') return [bind(rule.name.value, own(scope.namespace), () => true)];
  return context.destinations.namespaces
    .map((namespace) => bind(`${rule.name.value}/${namespace}`, own(namespace), (each) => each === namespace))
    .filter(({ targets }) => targets.length > 0);
}

function callersOf({ mode, group }: Authorization): CallerReference | undefined {
  if (mode?.value === 'Cluster') return { kind: 'anyAuthenticated', except: [], span: mode.span };
  return group && { kind: 'group', reference: group.value, except: [], span: group.span };
}
