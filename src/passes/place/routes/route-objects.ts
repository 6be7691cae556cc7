import type { ManifestObject } from '../../../parse/document.js';
import type { Destination } from '../../../resolve/resolved.js';
import { isHostOfEntry } from '../../../topology/entry-host.js';

/** The Service that a route is for, or leads to. */
type RouteTarget = Pick<Destination, 'service' | 'name' | 'namespace'>;

export function homeOf({ namespace }: ManifestObject): string {
  return namespace ?? 'default';
}

/** Whether a host that an object names is a Service's: in full, or its short name in the object's own namespace. */
export function namesService(
  object: ManifestObject,
  host: unknown,
  { service, name, namespace }: RouteTarget,
): boolean {
  return host === service?.host || (host === name && homeOf(object) === namespace);
}

/** Whether a host with a wildcard in front takes in another host. */
export function matchesHost(pattern: unknown, host: string): boolean {
  return typeof pattern === 'string' && pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

/** Whether an object of Istio's networking API is exported to a namespace; without `exportTo` it is to all. */
export function isVisibleIn(object: ManifestObject, namespace: string): boolean {
  const { exportTo } = Object(object.value.spec);
  const targets: unknown[] = Array.isArray(exportTo) && exportTo.length > 0 ? exportTo : ['*'];
  return targets.some(
    (target) => target === '*' || target === namespace || (target === '.' && homeOf(object) === namespace),
  );
}

/** Whether an object routes the requests that are addressed to a Service, for sidecars or at a waypoint in a namespace. */
export function isRouteOf(
  route: ManifestObject,
  destination: RouteTarget,
  waypointNamespace: string | undefined,
): boolean {
  if (route.kind === 'DestinationRule') return false;
  return route.kind === 'VirtualService'
    ? isVirtualServiceFor(route, destination, waypointNamespace)
    : hasParent(route, destination);
}

/** At a waypoint a host with a wildcard competes as well, from the Service's namespace and the waypoint's (T-01, T-02). */
function isVirtualServiceFor(
  route: ManifestObject,
  destination: RouteTarget,
  waypointNamespace: string | undefined,
): boolean {
  const { hosts, gateways } = Object(route.value.spec);
  const written: unknown[] = Array.isArray(hosts) ? hosts : [];
  if (Array.isArray(gateways) && !gateways.includes('mesh')) return false;
  if (written.some((host) => namesService(route, host, destination))) return true;
  if (waypointNamespace === undefined) return false;
  const isCandidate = [destination.namespace, waypointNamespace].includes(homeOf(route));
  const isSeen = isCandidate && isVisibleIn(route, waypointNamespace);
  return isSeen && written.some((host) => matchesHost(host, destination.service?.host ?? ''));
}

/** A parent is a Service only with the empty group: without one it is a Gateway of that name, which routes nothing here. */
function hasParent(route: ManifestObject, { name, namespace, service }: RouteTarget): boolean {
  const isOutside = service !== undefined && isHostOfEntry(service);
  const [group, kind] = isOutside ? ['networking.istio.io', 'ServiceEntry'] : ['', 'Service'];
  const named = isOutside ? service.object.name : name;
  const { parentRefs } = Object(route.value.spec);
  const parents: unknown[] = Array.isArray(parentRefs) ? parentRefs : [];
  return parents
    .map(Object)
    .some(
      (parent) =>
        parent.group === group &&
        parent.kind === kind &&
        parent.name === named &&
        (parent.namespace ?? homeOf(route)) === namespace,
    );
}

/** The hosts, or for a route of Gateway API the `namespace/name`s, that a route is written for. */
export function parentsOf(route: ManifestObject): readonly string[] {
  const spec = Object(route.value.spec);
  if (route.kind === 'VirtualService') return texts(spec.hosts);
  return items(spec.parentRefs).flatMap((parent) => keyOfReference(parent, route));
}

/** The hosts, or for a route of Gateway API the `namespace/name`s, of everything that a route sends requests or copies to. */
export function backendsOf(route: ManifestObject): readonly string[] {
  const spec = Object(route.value.spec);
  if (route.kind !== 'VirtualService') {
    const rules = items(spec.rules);
    const mirrors = rules
      .flatMap(({ filters }) => items(filters))
      .map(({ requestMirror }) => Object(requestMirror).backendRef);
    return [...rules.flatMap(({ backendRefs }) => items(backendRefs)), ...mirrors.map(Object)]
      .filter(({ kind = 'Service' }) => kind === 'Service')
      .flatMap((backend) => keyOfReference(backend, route));
  }
  const rules = [spec.http, spec.tcp, spec.tls].flatMap(items);
  const routed = rules.flatMap(({ route: targets }) => items(targets)).map(({ destination }) => destination);
  const copied = rules.flatMap(({ mirror, mirrors }) => [
    mirror,
    ...items(mirrors).map(({ destination }) => destination),
  ]);
  return texts([...routed, ...copied].map((target) => Object(target).host));
}

/** What a reference without texts refers to is nothing: the API server refuses it. */
function keyOfReference(reference: Readonly<Record<string, unknown>>, route: ManifestObject): readonly string[] {
  const { name, namespace = homeOf(route) } = reference;
  return typeof name === 'string' && typeof namespace === 'string' ? [`${namespace}/${name}`] : [];
}

/** The texts in a list of a manifest; what else stands there says nothing. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The items of a list of a manifest, to be asked for fields. */
export function items(value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> {
  return Array.isArray(value) ? value.map(Object) : [];
}
