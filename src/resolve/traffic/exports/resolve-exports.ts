import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { sortBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { ResolvedExports } from '../../resolved-exports.js';
import { bindScope } from '../../scopes.js';

/** Binds for which Services it is said that what Ambit writes for them is exported to callers alone; a list is of one Service or host. */
export function resolveExports(
  context: ResolveContext,
  settings: readonly TrafficSettings[],
): readonly ResolvedExports[] {
  return sortBy(settings, ({ name }) => name.value).flatMap((each) => resolveOne(context, each));
}

function resolveOne(context: ResolveContext, { scope, exportTo }: TrafficSettings): readonly ResolvedExports[] {
  const { kind } = scope;
  if (exportTo === undefined || exportTo.namespaces !== undefined) return [];
  if (kind === 'gateway' || kind === 'host' || kind === 'workload') return [];
  const bound = bindScope(context, { ...scope, kind });
  return bound === undefined ? [] : [{ scope: bound, span: exportTo.span }];
}
