import type { BoundScope, Setting } from '../../resolve/resolved.js';
import { scopeLabel } from '../../resolve/scopes.js';
import type { Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';

export type SettingsAround<T> = (workload: Workload) => ReadonlyArray<Setting<T>>;

/** The settings of all scopes around a workload, from the widest on. */
export function settingsAround<T>(settings: ReadonlyArray<Setting<T>>): SettingsAround<T> {
  const byScope = groupBy(settings, ({ scope }) => scopeLabel(scope));
  return (workload) => scopesOf(workload).flatMap((scope) => byScope.get(scopeLabel(scope)) ?? []);
}

function scopesOf({ namespace, name, services, mode }: Workload): readonly BoundScope[] {
  const ofServices = services.map((key): BoundScope => {
    const [namespace = '', name = ''] = key.split('/');
    return { kind: 'service', namespace, name };
  });
  const mesh: readonly BoundScope[] = mode.plane === 'none' ? [] : [{ kind: 'mesh' }];
  return [...mesh, { kind: 'namespace', namespace }, ...ofServices, { kind: 'workload', namespace, name }];
}
