import { diagnostic } from '../../../diagnostics/create.js';
import type { RateLimit, TrafficSettings } from '../../../parse/traffic/settings.js';
import { milliseconds } from '../../../util/duration.js';
import type { ResolveContext } from '../../context.js';
import type { Destination } from '../../resolved.js';
import type { ResolvedRateLimit } from '../../resolved-traffic.js';
import { resolveMatch } from '../matches.js';
import type { RouteSite } from '../route-site.js';

/** Binds the limits of a Service; what could never be counted is reported. */
export function resolveLimits(
  context: ResolveContext,
  { limits, name }: TrafficSettings,
  site: RouteSite,
  destinations: readonly Destination[],
): readonly ResolvedRateLimit[] {
  checkNames(context, limits, name.value);
  for (const limit of limits) checkTime(context, limit);
  const [first] = limits;
  for (const destination of destinations) if (first) checkPorts(context, first, destination);
  return limits.map(({ name: own, reason, owner, ticket, requests, per, match }) => ({
    origin: { id: `${name.value}/${own.value}`, span: own.span, reason, owner, ticket },
    requests,
    milliseconds: milliseconds(per.value),
    match: match && resolveMatch(context, match, site),
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

/** Envoy fills its buckets in steps of 50 milliseconds at the least (F-63). */
function checkTime(context: ResolveContext, { per }: RateLimit): void {
  if (milliseconds(per.value) < 50) context.report(diagnostic('limit-too-quick', { per: per.value }, per.span));
}

function checkPorts(context: ResolveContext, limit: RateLimit, { service }: Destination): void {
  const ports = service?.ports ?? [];
  const [first] = ports;
  if (first === undefined || ports.some(({ layer }) => layer !== 'tcp')) return;
  const parameters = { port: first.name ?? String(first.number), field: 'limits' };
  context.report(diagnostic('wish-on-tcp-port', parameters, limit.name.span));
}
