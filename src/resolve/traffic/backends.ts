import { diagnostic } from '../../diagnostics/create.js';
import type { MirrorTarget, RouteTarget, TrafficSettings } from '../../parse/traffic/settings.js';
import { keyOf } from '../../topology/model.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { ResolveContext } from '../context.js';
import { destinationLabel } from '../destinations.js';
import { wholeName } from '../names.js';
import { noDestination } from '../no-destination.js';
import type { Destination } from '../resolved.js';
import type { RouteBackend, RouteMirror, RoutePlace } from '../resolved-traffic.js';
import { reportUnknownHost } from './outside/outside-destinations.js';
import { checkPort, portNamed } from './route-ports.js';
import type { RouteSite } from './route-site.js';

/** The places where a route leads, with their shares. Requests that have nowhere to go are an error. */
export function resolveBackends(
  context: ResolveContext,
  settings: TrafficSettings,
  targets: readonly RouteTarget[],
  site: RouteSite,
): RouteBackend[] {
  const [first] = targets;
  if (first && targets.every(({ weight }) => weight === 0)) context.report(diagnostic('zero-split', {}, first.span));
  return targets.flatMap((target) => {
    const place = placeOf(context, settings, target, site);
    return place ? [{ place, port: target.port?.value, weight: target.weight, span: target.span }] : [];
  });
}

export function resolveMirrors(
  context: ResolveContext,
  settings: TrafficSettings,
  targets: readonly MirrorTarget[],
  site: RouteSite,
): RouteMirror[] {
  return targets.flatMap((target) => {
    const place = placeOf(context, settings, target, site);
    return place ? [{ place, port: target.port?.value, percent: target.percent, span: target.span }] : [];
  });
}

function placeOf(
  context: ResolveContext,
  settings: TrafficSettings,
  target: Omit<RouteTarget, 'weight'>,
  site: RouteSite,
): RoutePlace | undefined {
  if (target.kind === 'version') return versionPlace(context, settings, target);
  if (target.kind === 'service') return servicePlace(context, settings, target, site);
  if (target.kind === 'host') return hostPlace(context, target, site);
  return selfPlace(context, target, site);
}

function selfPlace(
  context: ResolveContext,
  target: Omit<RouteTarget, 'weight'>,
  { own }: RouteSite,
): RoutePlace | undefined {
  checkPortAt(context, target, own);
  if (own.length > 0) return { kind: 'self' };
  context.report(diagnostic('gateway-as-backend', {}, target.span));
  return undefined;
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
  settings: TrafficSettings,
  target: Omit<RouteTarget, 'weight'>,
  site: RouteSite,
): RoutePlace | undefined {
  const { reference, span } = target;
  const whole = wholeName(context, reference, site.namespace, span);
  if (whole === undefined) return undefined;
  if (site.own.some((own) => whole === keyOf(own))) {
    const { versionOfOther } = target;
    const own = versionOfOther && {
      kind: 'version' as const,
      reference: versionOfOther.value,
      span: versionOfOther.span,
    };
    return own ? versionPlace(context, settings, { ...target, ...own }) : selfPlace(context, target, site);
  }
  const found = context.destinations.service(whole);
  const clusters = new Set(found.map(({ cluster }) => cluster));
  if (!site.clusters.every((cluster) => clusters.has(cluster))) {
    const sought = { kind: 'service' as const, name: whole, found };
    context.report(noDestination(context, sought, span, 'nothing would answer what the route sends there'));
    return undefined;
  }
  checkPortAt(context, target, found);
  if (!asksForPortOf(site, found)) checkOnePort(context, target, found);
  const [namespace = '', name = ''] = whole.split('/');
  const hasVip = found.every(({ service }) => service?.headless !== true);
  return { kind: 'service', namespace, name, version: versionOf(context, whole, target, site), hasVip };
}

/** A host outside the mesh, in every cluster that the settings are for. */
function hostPlace(
  context: ResolveContext,
  target: Omit<RouteTarget, 'weight'>,
  site: RouteSite,
): RoutePlace | undefined {
  const { reference: host, span } = target;
  if (site.own.some(({ service }) => service?.host === host)) return selfPlace(context, target, site);
  const found = context.outside.get(host) ?? [];
  const clusters = new Set(found.map(({ cluster }) => cluster));
  if (found.length === 0 || !site.clusters.every((cluster) => clusters.has(cluster))) {
    reportUnknownHost(context, host, span);
    return undefined;
  }
  checkPortAt(context, target, found);
  checkOnePort(context, target, found);
  return { kind: 'host', host };
}

/** A gateway may lead to one version of a Service; what leads from Service to Service leads to the whole. */
function versionOf(
  context: ResolveContext,
  service: string,
  { versionOfOther }: Omit<RouteTarget, 'weight'>,
  { own, versions }: RouteSite,
): string | undefined {
  if (versionOfOther === undefined) return undefined;
  const { value, span } = versionOfOther;
  const known = versions.get(service) ?? [];
  if (own.length > 0) context.report(diagnostic('version-of-other-service', { service }, span));
  else if (!known.includes(value)) {
    const parameters = { version: value, place: 'the route' };
    const nothing = { help: `define it under \`versions\` in the settings of \`${service}\`` };
    context.report(
      diagnostic('unknown-version', parameters, span, known.length > 0 ? didYouMean(suggest(value, known)) : nothing),
    );
  }
  return value;
}

function checkPortAt(
  context: ResolveContext,
  { port }: Omit<RouteTarget, 'weight'>,
  destinations: readonly Destination[],
): void {
  if (port) for (const destination of destinations) checkPort(context, destination, port);
}

/** Whether callers of the Service that the routes are for name a port that the others have as well. */
function asksForPortOf({ own }: RouteSite, destinations: readonly Destination[]): boolean {
  const asked = own.flatMap(({ service }) => service?.ports ?? []);
  return destinations.every(({ service }) => asked.some(({ number }) => portNamed(service, number) !== undefined));
}

/** At a gateway a request names a port of the gateway, so that a Service with several does not say which is meant. */
function checkOnePort(
  context: ResolveContext,
  { port, span }: Omit<RouteTarget, 'weight'>,
  destinations: readonly Destination[],
): void {
  const open = destinations.find(({ service }) => service?.ports.length !== 1);
  if (port !== undefined || open === undefined) return;
  const ports = (open.service?.ports ?? []).map(({ name, number }) => name ?? String(number)).join(', ');
  context.report(diagnostic('port-not-named', { destination: destinationLabel(open), ports }, span));
}
