import type { Effect, MtlsMode } from '../../parse/ast.js';
import type { BoundScope, Setting } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { keyOf, type Workload } from '../../topology/model.js';

/** The settings that hold for one workload. */
export interface HeldSettings {
  /** The nearest defaults: several where Services of the same pods are given different ones. Empty: none is given. */
  readonly defaults: ReadonlyArray<Setting<Effect>>;
  /** The nearest default of requests addressed to one of its Services; by `namespace/name`. */
  defaultOf(service: string): Setting<Effect> | undefined;
  readonly mtls: ReadonlyArray<Setting<MtlsMode>>;
}

interface SettingsIndex {
  of(workload: Workload): HeldSettings;
}

/** The settings that hold for a workload: those of the nearest scope, workload before service before namespace before mesh. */
export function settingsIndex({ defaults, mtls }: Resolved): SettingsIndex {
  const [byDefault, byMtls] = [indexScopes<Effect>(defaults), indexScopes<MtlsMode>(mtls)];
  return {
    of: (workload) => ({
      defaults: nearestTo(byDefault, workload, workload.services),
      defaultOf: (service) => nearestTo(byDefault, workload, [service])[0],
      mtls: nearestTo(byMtls, workload, workload.services),
    }),
  };
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
function nearestTo<T>(index: Index<T>, workload: Workload, services: readonly string[]): ReadonlyArray<Setting<T>> {
  const own = index.get(`workload ${keyOf(workload)}`);
  if (own !== undefined) return [own];
  const ofServices = services.flatMap((service) => index.get(`service ${service}`) ?? []);
  if (ofServices.length > 0) return ofServices;
  const wide =
    index.get(`namespace ${workload.namespace}`) ?? (workload.mode.plane === 'none' ? undefined : index.get('mesh'));
  return wide === undefined ? [] : [wide];
}
