import { diagnostic } from '../diagnostics/create.js';
import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import type { MtlsMode, SecuritySettings } from '../parse/ast.js';
import { groupBy } from '../util/order.js';
import type { ResolveContext } from './context.js';
import type { BoundScope, ResolvedRule, Setting } from './resolved.js';
import type { Resolved } from './resolved-intents.js';
import { scopeLabel, scopesAround } from './scopes.js';

/** What a document says of all of its rules at once. */
export interface ForAllRules {
  readonly accept: readonly Acceptance[];
  /** Where it says that narrower scopes are held to them. */
  readonly mandate: Span | undefined;
}

/** Where narrower scopes are held to something: as it says itself, or else as its document does. */
export function mandateOf(own: Located<boolean> | undefined, wide?: Span): Span | undefined {
  if (own === undefined) return wide;
  return own.value ? own.span : undefined;
}

/** Reports a mandate that nobody is held to, because nothing is narrower than its scope. */
export function checkBound({ report }: ResolveContext, { scope, authorization, mtls }: SecuritySettings): void {
  if (scope.kind !== 'workload' && scope.kind !== 'gateway') return;
  const { allow = [], deny = [], external = [] } = authorization ?? {};
  const mandates = [mtls, authorization, ...allow, ...deny, ...external].map((each) => each?.mandate);
  for (const mandate of mandates)
    if (mandate?.value) report(diagnostic('mandate-of-nearest', { kind: scope.kind }, mandate.span));
}

/**
 * Reports what relaxes a mandate of a wider scope: a default of Allow under one of Deny, a looser mode of mutual TLS, and a
 * port that is excepted from `Strict`. Under `Stricter` a default relaxes nothing.
 */
export function checkMandates(
  context: ResolveContext,
  { defaults, mtls, plaintext, inheritances }: Pick<Resolved, 'defaults' | 'mtls' | 'plaintext' | 'inheritances'>,
): void {
  const stricter = new Set(inheritances.flatMap(({ value, scope }) => (value === 'Stricter' ? scopeLabel(scope) : [])));
  const [closing, modes] = [mandatedAround(context, defaults), mandatedAround(context, mtls)];
  for (const { value, scope, origin } of defaults) {
    const mandate = closing(scope).find((each) => each.value === 'Deny');
    if (value !== 'Allow' || mandate === undefined || stricter.has(scopeLabel(scope))) continue;
    reportRelaxed(context, `\`default: Allow\` of ${scopeLabel(scope)}`, mandate, '`default: Deny`', origin.span);
  }
  for (const { value, scope, origin } of mtls) {
    const mandate = modes(scope).find((each) => strictness[each.value] > strictness[value]);
    if (mandate === undefined) continue;
    reportRelaxed(context, `\`mode: ${value}\` of ${scopeLabel(scope)}`, mandate, modeOf(mandate), origin.span);
  }
  for (const { scope, origin } of plaintext) {
    const mandate = modes(scope).find((each) => each.value === 'Strict');
    if (mandate === undefined) continue;
    reportRelaxed(context, `a port of ${scopeLabel(scope)} without mTLS`, mandate, modeOf(mandate), origin.span);
  }
}

const strictness: Readonly<Record<MtlsMode, number>> = { Disabled: 0, Permissive: 1, Strict: 2 };

function modeOf({ value }: Setting<MtlsMode>): string {
  return `\`mode: ${value}\``;
}

/** What settings of wider scopes mandate for a scope. */
function mandatedAround<T>(
  context: ResolveContext,
  settings: ReadonlyArray<Setting<T>>,
): (scope: BoundScope) => ReadonlyArray<Setting<T>> {
  const byScope = groupBy(
    settings.filter(({ mandate }) => mandate !== undefined),
    ({ scope }) => scopeLabel(scope),
  );
  return (scope) => scopesAround(context, scope).flatMap((wider) => byScope.get(scopeLabel(wider)) ?? []);
}

function reportRelaxed(
  { report }: ResolveContext,
  what: string,
  { scope, mandate, origin }: Pick<ResolvedRule, 'mandate' | 'scope' | 'origin'>,
  mandated: string,
  span: Span,
): void {
  const notes = [{ message: `${mandated} of ${scopeLabel(scope)} is a mandate`, span: mandate ?? origin.span }];
  report(diagnostic('mandate-relaxed', { what, mandate: mandated, scope: scopeLabel(scope) }, span, { notes }));
}
