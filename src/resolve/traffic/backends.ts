import { diagnostic } from '../../diagnostics/create.js';
import type { MirrorTarget, RouteTarget, TrafficSettings } from '../../parse/traffic-settings.js';
import { keyOf } from '../../topology/model.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { ResolveContext } from '../context.js';
import { wholeName } from '../names.js';
import { noDestination } from '../no-destination.js';
import type { Destination } from '../resolved.js';
import type { RouteBackend, RouteMirror, RoutePlace } from '../resolved-traffic.js';
import { checkPort } from './route-ports.js';

/** The places where a route leads, with their shares. Requests that have nowhere to go are an error. */
export function resolveBackends(
  context: ResolveContext,
  settings: TrafficSettings,
  targets: readonly RouteTarget[],
  destinations: readonly Destination[],
): RouteBackend[] {
  const [first] = targets;
  if (first && targets.every(({ weight }) => weight === 0)) context.report(diagnostic('zero-split', {}, first.span));
  return targets.flatMap((target) => {
    const place = placeOf(context, settings, target, destinations);
    return place ? [{ place, port: target.port?.value, weight: target.weight, span: target.span }] : [];
  });
}

export function resolveMirrors(
  context: ResolveContext,
  settings: TrafficSettings,
  targets: readonly MirrorTarget[],
  destinations: readonly Destination[],
): RouteMirror[] {
  return targets.flatMap((target) => {
    const place = placeOf(context, settings, target, destinations);
    return place ? [{ place, port: target.port?.value, percent: target.percent, span: target.span }] : [];
  });
}

function placeOf(
  context: ResolveContext,
  settings: TrafficSettings,
  target: Omit<RouteTarget, 'weight'>,
  destinations: readonly Destination[],
): RoutePlace | undefined {
  if (target.kind === 'version') return versionPlace(context, settings, target);
  if (target.kind === 'service') return servicePlace(context, target, destinations);
  checkPortAt(context, target, destinations);
  return { kind: 'self' };
}

function versionPlace(
  context: ResolveContext,
  { versions }: TrafficSettings,
  { reference, span }: Omit<RouteTarget, 'weight'>,
): RoutePlace | undefined {
  const names = versions.map(({ name }) => name.value);
  if (names.includes(reference)) return { kind: 'version', version: reference };
  const parameters = { version: reference, place: 'the route' };
  context.report(diagnostic('unknown-version', parameters, span, didYouMean(suggest(reference, names))));
  return undefined;
}

/** A Service in every cluster that the settings are for, since the route is the same in each. */
function servicePlace(
  context: ResolveContext,
  target: Omit<RouteTarget, 'weight'>,
  destinations: readonly Destination[],
): RoutePlace | undefined {
  const { reference, span } = target;
  const [own] = destinations;
  const whole = wholeName(context, reference, own?.namespace, span);
  if (whole === undefined) return undefined;
  if (own !== undefined && whole === keyOf(own)) {
    checkPortAt(context, target, destinations);
    return { kind: 'self' };
  }
  const found = context.destinations.service(whole);
  const clusters = new Set(found.map(({ cluster }) => cluster));
  if (!destinations.every(({ cluster }) => clusters.has(cluster))) {
    const sought = { kind: 'service' as const, name: whole, found };
    context.report(noDestination(context, sought, span, 'nothing would answer what the route sends there'));
    return undefined;
  }
  checkPortAt(context, target, found);
  const [namespace = '', name = ''] = whole.split('/');
  return { kind: 'service', namespace, name };
}

function checkPortAt(
  context: ResolveContext,
  { port }: Omit<RouteTarget, 'weight'>,
  destinations: readonly Destination[],
): void {
  if (port) for (const destination of destinations) checkPort(context, destination, port);
}
