import { sortedUnique } from '../util/order.js';
import { type Cluster, keyOf, type Topology } from './model.js';

/** Who may be asked about as a caller, in the words of a trace and of an AccessTest. */
export function callerNames({ clusters, mesh }: Topology): readonly string[] {
  const external = mesh.callers.map(({ name }) => `external:${name}`);
  return [...sortedUnique(clusters.flatMap(callersIn)), ...external, 'outside'];
}

/** What may be asked about as a destination, in the same words. */
export function destinationNames({ clusters }: Topology): readonly string[] {
  return sortedUnique(clusters.flatMap(destinationsIn));
}

function callersIn({ workloads, services, gateways }: Cluster): readonly string[] {
  const inside = [...workloads.values(), ...services.values()].map(keyOf);
  return [...inside, ...[...gateways.values()].map((gateway) => `gateway:${keyOf(gateway)}`)];
}

function destinationsIn({ services, gateways }: Cluster): readonly string[] {
  const ofServices = [...services.values()].flatMap((service) =>
    service.ports.map(({ name, number }) => `${keyOf(service)}:${name ?? number}`),
  );
  return [...ofServices, ...[...gateways.values()].map((gateway) => `gateway:${keyOf(gateway)}`)];
}
