import { diagnostic } from '../../diagnostics/create.js';
import type { DestinationPolicy, PlacedRoute, VersionService } from '../../ir/policy-ir.js';
import { isManaged, type ManifestObject, spanIn } from '../../parse/document.js';
import { destinationLabel } from '../../resolve/destinations.js';
import type { ResolvedTraffic, Source } from '../../resolve/resolved.js';
import { type Cluster, keyOf, type Labels, selects } from '../../topology/model.js';
import { mayCall } from '../reach.js';
import { arrives } from './at-waypoints/blind-spots.js';
import type { PlaceContext } from './context.js';

/**
 * Chooses the form of a service's traffic settings, and only one: two owners of one service's routes are not defined
 * (istio-traffic-topology T-03, T-05). Where requests pass a waypoint it is an HTTPRoute, which sidecars obey as well
 * (I-01); where only sidecars route, it is a VirtualService.
 */
export function placeRoutes(context: PlaceContext, policy: DestinationPolicy): PlacedRoute[] {
  const { traffic, destination } = policy;
  if (traffic === undefined || !checkHttp(context, policy, traffic)) return [];
  const cluster = context.clusterOf(policy);
  const callers = context.sources.filter((source) => mayCall(source, policy, cluster));
  checkExistingRoutes(context, policy, traffic, cluster);
  checkUncovered(context, policy, traffic, callers, cluster);
  const form = { destination, traffic, form: 'VirtualService', backends: [] } as const;
  if (!callers.some((source) => arrives(policy, source, cluster) === 'waypoint')) {
    return [{ ...form, why: 'decided at each caller’s sidecar' }];
  }
  if (needsVirtualService(context, policy, traffic, cluster)) {
    return [
      { ...form, why: 'for sidecar callers and at the waypoint: HTTPRoute cannot say it with the standard CRDs' },
    ];
  }
  const hasSidecars = callers.some(({ plane }) => plane === 'sidecar');
  const why = `decided at the waypoint, for ambient callers${hasSidecars ? ', and at each caller’s sidecar' : ''}`;
  return [{ ...form, form: 'HTTPRoute', backends: versionServices(context, policy, traffic, cluster), why }];
}

function checkHttp(context: PlaceContext, { destination }: DestinationPolicy, traffic: ResolvedTraffic): boolean {
  if (destination.service?.ports.some(({ layer }) => layer !== 'tcp')) return true;
  const field = traffic.timeout ? '`timeout`' : traffic.retries ? '`retries`' : '`split`';
  context.report(diagnostic('not-http', { destination: destinationLabel(destination), field }, traffic.origin.span));
  return false;
}

/** What an HTTPRoute's retries are for, always (istio-traffic-topology T-34). */
const routeRetries = ['cancelled', 'connect-failure', 'refused-stream', 'unavailable'];

/** HTTPRoute has `retry` in the experimental channel only; elsewhere one VirtualService serves both kinds of callers (T-21, T-33). */
function needsVirtualService(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  traffic: ResolvedTraffic,
  cluster: Cluster,
): boolean {
  if (traffic.retries === undefined) return false;
  const { retryOn } = traffic.retries;
  const isFixedSet =
    retryOn.length === 0 ||
    (retryOn.length === routeRetries.length && routeRetries.every((cause) => retryOn.includes(cause)));
  if (cluster.settings.gatewayApi.channel === 'experimental' && isFixedSet) return false;
  const notes = [{ message: 'VirtualService at a waypoint is Alpha (istio-traffic-topology T-21, T-33)' }];
  context.report(
    diagnostic('retries-in-virtual-service', { destination: destinationLabel(destination) }, traffic.retries.span, {
      notes,
    }),
  );
  return true;
}

function checkUncovered(
  context: PlaceContext,
  policy: DestinationPolicy,
  traffic: ResolvedTraffic,
  callers: readonly Source[],
  cluster: Cluster,
): void {
  const destination = destinationLabel(policy.destination);
  const strays = callers.filter(
    (source) => source.plane === 'ambient' && arrives(policy, source, cluster) !== 'waypoint',
  );
  const own = new Set(policy.destination.workloads.map(keyOf));
  const stray = strays.find(({ name }) => !own.has(name)) ?? strays[0];
  if (stray) {
    const why =
      policy.destination.service?.hasVip === false
        ? 'the Service has no virtual IP, so no waypoint can route its requests'
        : 'no waypoint can be put in front of it';
    const help = 'give the Service a virtual IP, or drop the traffic settings';
    context.report(
      diagnostic('traffic-not-covered', { destination, caller: `\`${stray.name}\``, why }, traffic.origin.span, {
        help,
      }),
    );
  }
  for (const { plane, name } of callers) {
    if (plane === 'gateway' && !policy.waypoint?.ingress)
      context.report(diagnostic('ingress-not-covered', { gateway: name, destination }, traffic.origin.span));
  }
}

function checkExistingRoutes(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  traffic: ResolvedTraffic,
  cluster: Cluster,
): void {
  for (const route of cluster.routes) {
    if (isManaged(route) || !routesService(route, destination, traffic)) continue;
    const parameters = {
      route: `${route.kind} ${keyOf({ namespace: route.namespace ?? 'default', name: route.name })}`,
      destination: destinationLabel(destination),
    };
    context.report(
      diagnostic('route-exists', parameters, spanIn(route, ['metadata', 'name']), {
        notes: [{ message: 'the settings are here', span: traffic.origin.span }],
      }),
    );
  }
}

function routesService(
  route: ManifestObject,
  { service, name, namespace }: DestinationPolicy['destination'],
  traffic: ResolvedTraffic,
): boolean {
  const spec = Object(route.value.spec);
  const own = route.namespace ?? 'default';
  const hosts: unknown[] = Array.isArray(spec.hosts) ? spec.hosts : [];
  const gateways: unknown[] = Array.isArray(spec.gateways) ? spec.gateways : ['mesh'];
  if (route.kind === 'DestinationRule')
    return traffic.versions.length > 0 && (spec.host === service?.host || (spec.host === name && own === namespace));
  if (route.kind === 'VirtualService')
    return (
      gateways.includes('mesh') && hosts.some((host) => host === service?.host || (host === name && own === namespace))
    );
  const parents: unknown[] = Array.isArray(spec.parentRefs) ? spec.parentRefs : [];
  return parents
    .map(Object)
    .some((parent) => parent.kind === 'Service' && parent.name === name && (parent.namespace ?? own) === namespace);
}

/** One Service a version: one that already selects exactly its pods is used, otherwise `<service>-<version>` is emitted. */
function versionServices(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  traffic: ResolvedTraffic,
  cluster: Cluster,
): VersionService[] {
  return traffic.versions.map(({ name, labels, weight }) => {
    const selector = { ...destination.service?.selector, ...labels };
    const ports = destination.service?.ports.map(({ number }) => number) ?? [];
    const known = [...cluster.services.values()].find(
      (service) =>
        service.namespace === destination.namespace &&
        sameLabels(service.selector, selector) &&
        ports.every((port) => service.ports.some(({ number }) => number === port)),
    );
    if (known) return { name: known.name, weight, selector, exists: !isManaged(known.object) };
    const own = `${destination.name}-${name}`;
    const taken = cluster.services.get(keyOf({ namespace: destination.namespace, name: own }));
    if (taken && !isManaged(taken.object)) {
      const wanted = Object.entries(selector).map(([key, value]) => `\`${key}: ${value}\``);
      const parameters = { version: name, name: keyOf(taken), selector: wanted.join(' and ') };
      const notes = [{ message: 'the Service of that name', span: spanIn(taken.object, ['metadata', 'name']) }];
      context.report(diagnostic('name-taken', parameters, traffic.origin.span, { notes }));
    }
    return { name: own, weight, selector, exists: false };
  });
}

function sameLabels(left: Labels | undefined, right: Labels): boolean {
  return left !== undefined && Object.keys(left).length === Object.keys(right).length && selects(left, right);
}
