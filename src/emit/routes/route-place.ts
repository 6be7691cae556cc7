import type { PlacedRoute, VersionService } from '../../ir/placed-traffic.js';
import type { Destination } from '../../resolve/resolved.js';
import type { RouteBackend, RoutePlace } from '../../resolve/resolved-traffic.js';
import type { Service } from '../../topology/model.js';

/** What the places of a route are read against: its own Service, where it has one, its versions, and the others. */
export interface RouteHome extends Pick<PlacedRoute, 'backends' | 'otherServices'> {
  /** Services of the others' versions, by `namespace/name version`. */
  readonly otherVersions?: ReadonlyMap<string, VersionService>;
  readonly destination: Pick<Destination, 'namespace' | 'name' | 'service'>;
}

/** The Service that a place is, or is a version of. */
export function serviceAt({ destination, otherServices }: RouteHome, place: RoutePlace): Service | undefined {
  if (place.kind === 'host') return otherServices.get(place.host);
  return place.kind === 'service' ? otherServices.get(`${place.namespace}/${place.name}`) : destination.service;
}

/** The host by which a VirtualService names a place. */
export function hostOf(placed: RouteHome, place: RoutePlace): string {
  return serviceAt(placed, place)?.host ?? '';
}

/** The number of the port that is named there, or the only one that a host has; `undefined` where it is the one that was asked. */
export function portOf(placed: RouteHome, { place, port }: Pick<RouteBackend, 'place' | 'port'>): number | undefined {
  if (typeof port === 'number') return port;
  const ports = serviceAt(placed, place)?.ports ?? [];
  if (port === undefined) return place.kind === 'host' ? ports[0]?.number : undefined;
  return ports.find(({ name }) => name === port)?.number;
}
