import { asObject, asText } from '../json.js';
import { isFor, type Side } from './side.js';
import type { Entry, TelemetryObject } from './telemetry-object.js';

/** Where a proxy logs to: the filter of each provider. `undefined`: what the MeshConfig itself says of logs. */
export type AccessLogging = ReadonlyMap<string, LogTarget> | undefined;

export interface LogTarget {
  readonly disabled: boolean;
  /** An expression of CEL; empty: all is logged. */
  readonly filter: string;
  readonly by: TelemetryObject;
}

/** Stands for the providers that the MeshConfig names as its default. */
export const byDefault = '';

/** Whether the MeshConfig has a provider: what it has not is left out. */
export type IsKnown = (provider: string) => boolean;

/**
 * The nearest level that names providers decides which there are. A filter is of the providers that stand beside it alone;
 * without any provider the MeshConfig’s own settings count, also where something is disabled (F-62).
 */
export function accessLoggingOf(layers: readonly TelemetryObject[], side: Side, isKnown: IsKnown): AccessLogging {
  const levels = layers.filter(({ accessLogging }) => accessLogging.length > 0);
  const filters = new Map<string, string>();
  let inScope: readonly string[] = [byDefault];
  for (const { accessLogging } of levels) {
    const entries = accessLogging.filter((entry) => isFor(entry, side));
    for (const entry of entries) for (const name of entry.providers) filters.set(name, filterOf(entry));
    const named = entries.flatMap(({ providers }) => providers);
    if (named.length > 0) inScope = named;
  }
  const targets = targetsOf(levels, side, new Set(inScope), filters);
  const kept = new Map([...targets].filter(([name]) => name === byDefault || isKnown(name)));
  return kept.size === 0 ? undefined : kept;
}

function targetsOf(
  levels: readonly TelemetryObject[],
  side: Side,
  inScope: ReadonlySet<string>,
  filters: ReadonlyMap<string, string>,
): ReadonlyMap<string, LogTarget> {
  const targets = new Map<string, LogTarget>();
  let parents: readonly string[] = [byDefault];
  for (const by of levels) {
    for (const entry of by.accessLogging) {
      parents = entry.providers.length > 0 ? entry.providers : parents;
      if (!isFor(entry, side)) continue;
      const disabled = entry.value.disabled === true;
      for (const provider of parents.filter((name) => inScope.has(name)))
        targets.set(provider, { disabled, filter: disabled ? '' : (filters.get(provider) ?? ''), by });
    }
  }
  return targets;
}

function filterOf({ value }: Entry): string {
  return asText(asObject(value.filter)?.expression) ?? '';
}
