import type { Effect, Inheritance, MtlsMode } from '../../parse/ast.js';
import type { BoundScope, Setting } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';

/** The settings that hold for one workload. */
export interface HeldSettings {
  /** The nearest defaults: several where Services of the same pods are given different ones. Empty: none is given. */
  readonly defaults: ReadonlyArray<Setting<Effect>>;
  /** The nearest default of requests addressed to one of its Services; by `namespace/name`. */
  defaultOf(service: string): Setting<Effect> | undefined;
  readonly mtls: ReadonlyArray<Setting<MtlsMode>>;
}

/** From the widest to the nearest. */
export const scopeKinds = ['mesh', 'namespace', 'service', 'workload'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

export interface SettingsIndex {
  /** All that may be asked for about a workload. */
  around(workload: Workload): ReadonlyArray<Setting<unknown>>;
  /** All that may be asked for about the workloads of a namespace. */
  within(namespace: string): ReadonlyArray<Setting<unknown>>;
  of(workload: Workload): HeldSettings;
  /** The defaults that some kinds of scopes give. */
  among(workload: Workload, kinds: readonly ScopeKind[]): Pick<HeldSettings, 'defaults' | 'defaultOf'>;
  /** What the scopes of a kind do with the rules of wider ones. */
  inheritanceAt(workload: Workload, kind: ScopeKind): Inheritance;
}

/** The settings that hold for a workload: those of the nearest scope, workload before service before namespace before mesh. */
export const settingsIndex = oncePerObject(({ defaults, mtls, inheritances }: Resolved): SettingsIndex => {
  const [byDefault, byMtls] = [indexScopes<Effect>(defaults), indexScopes<MtlsMode>(mtls)];
  const byInheritance = indexScopes<Inheritance>(inheritances);
  const among: SettingsIndex['among'] = (workload, kinds) => ({
    defaults: nearestTo(byDefault, workload, workload.services, kinds),
    defaultOf: (service) => nearestTo(byDefault, workload, [service], kinds)[0],
  });
  const all: ReadonlyArray<Setting<unknown>> = [...defaults, ...mtls, ...inheritances];
  const byPlace = groupBy(all, placeOf);
  const byNamespace = groupBy(all, namespaceOf);
  return {
    around: (workload) => ['', workload.namespace, keyOf(workload)].flatMap((place) => byPlace.get(place) ?? []),
    within: (namespace) => [...(byNamespace.get('') ?? []), ...(byNamespace.get(namespace) ?? [])],
    of: (workload) => ({ ...among(workload, scopeKinds), mtls: nearestTo(byMtls, workload, workload.services) }),
    among,
    inheritanceAt: (workload, kind) => nearestTo(byInheritance, workload, workload.services, [kind])[0]?.value ?? 'Add',
  };
});

/** Where a setting counts: one of the mesh everywhere, and one of a Service wherever its routes lead. */
function placeOf({ scope }: Setting<unknown>): string {
  if (scope.kind === 'mesh' || scope.kind === 'service') return '';
  return scope.kind === 'namespace' ? scope.namespace : keyOf(scope);
}

/** The namespace in which a setting counts, likewise. */
function namespaceOf({ scope }: Setting<unknown>): string {
  return scope.kind === 'mesh' || scope.kind === 'service' ? '' : scope.namespace;
}

type Index<T> = ReadonlyMap<string, Setting<T>>;

function indexScopes<T>(settings: ReadonlyArray<Setting<T>>): Index<T> {
  return new Map(settings.map((setting) => [scopeKey(setting.scope), setting]));
}

function scopeKey(scope: BoundScope): string {
  if (scope.kind === 'mesh') return 'mesh';
  return scope.kind === 'namespace' ? `namespace ${scope.namespace}` : `${scope.kind} ${keyOf(scope)}`;
}

/** Pods cannot tell their Services apart, so all Services' settings hold. The mesh is what takes part in it. */
function nearestTo<T>(
  index: Index<T>,
  workload: Workload,
  services: readonly string[],
  kinds: readonly ScopeKind[] = scopeKinds,
): ReadonlyArray<Setting<T>> {
  if (index.size === 0) return [];
  for (const kind of [...kinds].reverse()) {
    const found = keysOf(kind, workload, services).flatMap((key) => index.get(key) ?? []);
    if (found.length > 0) return found;
  }
  return [];
}

function keysOf(kind: ScopeKind, workload: Workload, services: readonly string[]): readonly string[] {
  if (kind === 'workload') return [`workload ${keyOf(workload)}`];
  if (kind === 'service') return services.map((service) => `service ${service}`);
  if (kind === 'namespace') return [`namespace ${workload.namespace}`];
  return workload.mode.plane === 'none' ? [] : ['mesh'];
}
