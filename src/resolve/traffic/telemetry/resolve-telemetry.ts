import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { sortBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import type { ResolvedTelemetry, TelemetryScope } from '../../resolved-telemetry.js';
import { bindScope, destinationsIn } from '../../scopes.js';
import { gatewaysOf } from '../gateway-objects.js';
import { checkAllDisabled } from './check-all-disabled.js';
import { checkTelemetry } from './check-telemetry.js';
import { checkTwice } from './check-twice.js';

/** Binds what settings of any scope say of records. */
export function resolveTelemetry(
  context: ResolveContext,
  settings: readonly TrafficSettings[],
): readonly ResolvedTelemetry[] {
  const resolved = sortBy(settings, ({ name }) => name.value).flatMap((each) => resolveOne(context, each));
  checkTwice(context, resolved);
  checkAllDisabled(context, resolved);
  return resolved;
}

function resolveOne(context: ResolveContext, settings: TrafficSettings): ResolvedTelemetry[] {
  const { telemetry, name } = settings;
  if (telemetry === undefined) return [];
  checkTelemetry(context, telemetry);
  const bound = bind(context, settings);
  if (bound === undefined) return [];
  const origin = { id: name.value, span: name.span, reason: undefined, owner: undefined, ticket: undefined };
  return [{ origin, telemetry, ...bound }];
}

type Bound = Pick<ResolvedTelemetry, 'scope' | 'destinations' | 'gateways'>;

function bind(context: ResolveContext, settings: TrafficSettings): Bound | undefined {
  const { scope } = settings;
  if (scope.kind === 'gateway') {
    const gateways = gatewaysOf(context, settings) ?? [];
    const [first] = gateways;
    return first && { scope: gatewayScope(first), destinations: [], gateways };
  }
  if (scope.kind === 'host') return undefined;
  const bound = bindScope(context, { ...scope, kind: scope.kind });
  if (bound === undefined) return undefined;
  const isNarrow = bound.kind === 'service' || bound.kind === 'workload';
  return { scope: bound, destinations: isNarrow ? destinationsIn(context, bound) : [], gateways: [] };
}

function gatewayScope({ namespace, name }: { readonly namespace: string; readonly name: string }): TelemetryScope {
  return { kind: 'gateway', namespace, name };
}
