import type { Inheritance } from '../../parse/ast.js';
import type { Setting } from '../../resolve/resolved.js';
import { scopeLabel } from '../../resolve/scopes.js';
import type { Workload } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';

export type ScopesOf = (workload: Workload) => ReadonlyArray<Setting<Inheritance>>;

/** The scopes around a workload that take rules over in one way. */
export function scopesWith(settings: ReadonlyArray<Setting<Inheritance>>, inheritance: Inheritance): ScopesOf {
  const byScope = groupBy(
    settings.filter(({ value }) => value === inheritance),
    ({ scope }) => scopeLabel(scope),
  );
  return (workload) => labelsOf(workload).flatMap((label) => byScope.get(label) ?? []);
}

function labelsOf(workload: Workload): readonly string[] {
  const { namespace, name, services } = workload;
  return [
    scopeLabel({ kind: 'namespace', namespace }),
    ...services.map((key) => scopeLabel({ kind: 'service', ...split(key) })),
    scopeLabel({ kind: 'workload', namespace, name }),
  ];
}

function split(key: string): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}
