import { diagnostic } from '../../../diagnostics/create.js';
import type { RateLimit, TrafficSettings } from '../../../parse/traffic/settings.js';
import { milliseconds } from '../../../util/duration.js';
import type { ResolveContext } from '../../context.js';
import type { Destination } from '../../resolved.js';
import type { ResolvedRateLimit } from '../../resolved-traffic.js';
import { resolveMatch } from '../matches.js';
import type { RouteSite } from '../route-site.js';
import { limitService } from './limit-service.js';

/** Binds the limits of a Service or of a gateway; what could never be counted is reported. */
export function resolveLimits(
  context: ResolveContext,
  { limits, name, scope }: TrafficSettings,
  site: RouteSite,
): readonly ResolvedRateLimit[] {
  checkNames(context, limits, name.value);
  for (const limit of limits) {
    checkTime(context, limit);
    if (scope.kind !== 'gateway') checkKeys(context, limit);
  }
  return limits.map(({ name: own, reason, owner, ticket, requests, per, match, through, by }) => ({
    origin: { id: `${name.value}/${own.value}`, span: own.span, reason, owner, ticket },
    requests,
    milliseconds: milliseconds(per.value),
    match: match && resolveMatch(context, match, site),
    through: through && limitService(context, through, site.clusters),
    by,
  }));
}

function checkNames(context: ResolveContext, limits: readonly RateLimit[], settings: string): void {
  const seen = new Map<string, RateLimit>();
  for (const limit of limits) {
    const first = seen.get(limit.name.value);
    if (first === undefined) seen.set(limit.name.value, limit);
    else {
      const notes = [{ message: 'the first is here', span: first.name.span }];
      context.report(diagnostic('duplicate-rule', { name: limit.name.value, settings }, limit.name.span, { notes }));
    }
  }
}

/** Envoy fills its buckets in steps of 50 milliseconds at the least (F-63), and a service counts by the clock (F-64). */
function checkTime(context: ResolveContext, { per, through }: RateLimit): void {
  const time = milliseconds(per.value);
  if (through === undefined && time < 50) context.report(diagnostic('limit-too-quick', { per: per.value }, per.span));
  if (through !== undefined && !countedTimes.has(time))
    context.report(diagnostic('limit-not-by-clock', { per: per.value }, per.span));
}

const countedTimes: ReadonlySet<number> = new Set(['1s', '1m', '1h', '24h'].map(milliseconds));

/** In front of pods a proxy sees whoever sent last, or what a caller wrote of itself. */
function checkKeys(context: ResolveContext, { by }: RateLimit): void {
  for (const { kind, span } of by)
    if (kind === 'address') context.report(diagnostic('address-not-at-gateway', {}, span));
}

/** Reports limits of Services that have ports for connections only. */
export function checkLimitedPorts(
  context: ResolveContext,
  { limits: [limit] }: TrafficSettings,
  destinations: readonly Destination[],
): void {
  if (limit === undefined) return;
  for (const { service } of destinations) {
    const ports = service?.ports ?? [];
    const [first] = ports;
    if (first === undefined || ports.some(({ layer }) => layer !== 'tcp')) continue;
    const parameters = { port: first.name ?? String(first.number), field: 'limits' };
    context.report(diagnostic('wish-on-tcp-port', parameters, limit.name.span));
  }
}
