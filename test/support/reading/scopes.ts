import type { ResolvedRule, Setting } from '../../../src/resolve/resolved.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { keyOf, type Workload } from '../../../src/topology/model.js';

type Kind = Setting<string>['scope']['kind'];

/** The kinds of scopes, each with the one that is wider. */
const wider: Readonly<Record<Kind, Kind | undefined>> = {
  workload: 'service',
  service: 'namespace',
  namespace: 'mesh',
  mesh: undefined,
};

/** What the scopes of one kind say of a workload. */
export function saidAt<T>(
  settings: ReadonlyArray<Setting<T>>,
  kind: Kind,
  workload: Workload,
  services: readonly string[] = workload.services,
): ReadonlyArray<Setting<T>> {
  return settings.filter(({ scope }) => {
    if (scope.kind !== kind) return false;
    if (scope.kind === 'mesh') return workload.mode.plane !== 'none';
    if (scope.kind === 'namespace') return scope.namespace === workload.namespace;
    return scope.kind === 'service' ? services.includes(keyOf(scope)) : keyOf(scope) === keyOf(workload);
  });
}

/** Whether no scope that is narrower than a rule's own puts others in its place. */
export function isInForce({ inheritances }: Resolved, workload: Workload, { scope, mandate }: ResolvedRule): boolean {
  if (mandate !== undefined) return true;
  for (let kind: Kind | undefined = 'workload'; kind !== undefined && kind !== scope.kind; kind = wider[kind])
    if (saidAt(inheritances, kind, workload).some(({ value }) => value === 'Replace')) return false;
  return true;
}

/** One request, as each rule and each default judges it. */
export interface Judging {
  /** Whether an allow rule of a kind of scopes, or one of its mandates, is for it. */
  rules(kind: Kind, onlyMandates: boolean): boolean;
  /** Whether rules of the kind allow anything at all. */
  hasRules(kind: Kind): boolean;
  /** Whether defaults of the kind let it in; `undefined` where there are none. */
  opens(kind: Kind): boolean | undefined;
  /** What being let in by a default comes to. */
  readonly everything: boolean;
}

/** Whether the scopes around a workload allow a request, asked from the nearest one outwards. */
export function isAllowedBy({ inheritances }: Resolved, workload: Workload, judging: Judging): boolean {
  const { rules, hasRules, opens, everything } = judging;
  const isStricter = (kind: Kind) => saidAt(inheritances, kind, workload).some(({ value }) => value === 'Stricter');
  const isOpen = (kind: Kind | undefined): boolean => {
    if (kind === undefined) return true;
    const own = opens(kind) ?? isOpen(wider[kind]);
    return isStricter(kind) ? own && isOpen(wider[kind]) : own;
  };
  const byMandate = (kind: Kind | undefined): boolean => {
    if (kind === undefined) return false;
    const own = rules(kind, true) && (!isStricter(kind) || isAllowed(wider[kind]));
    return own || byMandate(wider[kind]);
  };
  const byRules = (kind: Kind | undefined): boolean => {
    if (kind === undefined) return false;
    const own = rules(kind, false);
    if (!isStricter(kind)) return own || byRules(wider[kind]);
    const isWideOpen = isOpen(wider[kind]);
    const closes = opens(kind) === undefined ? hasRules(kind) && !isWideOpen : !opens(kind);
    if (isWideOpen && !closes) return own || byRules(wider[kind]);
    const inside = closes ? own : everything;
    return (isAllowed(wider[kind]) && inside) || byMandate(wider[kind]);
  };
  const isAllowed = (kind: Kind | undefined): boolean => (isOpen(kind) && everything) || byRules(kind);
  return isAllowed('workload');
}
