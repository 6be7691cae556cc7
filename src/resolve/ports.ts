import { arrivalPortsOf, type Service, type ServicePort, type Workload } from '../topology/model.js';
import { sortedNumbers } from '../util/order.js';
import type { Destination, DestinationPort } from './resolved.js';

/** Every port of a destination: those of its Service, and those that its containers declare besides. */
export function portsOf(destination: Destination): DestinationPort[] {
  const exposed = (destination.service?.ports ?? []).filter(({ transport }) => transport === 'TCP');
  const ports = exposed.map((port) => servicePort(destination, port));
  const covered = new Set(ports.flatMap(({ pod }) => pod));
  const own = destination.workloads
    .flatMap((workload) => workload.ports)
    .filter(({ number, transport }) => transport === 'TCP' && !covered.has(number));
  const names = new Map(own.map((port) => [port.number, port.name ?? String(port.number)]));
  return [
    ...ports,
    ...[...names].sort(([left], [right]) => left - right).map(([number, label]) => podPort(number, label)),
  ];
}

/** A Service's port with what it is called at each workload (a named targetPort may differ from pod to pod). */
export function servicePort(destination: Destination, port: ServicePort): DestinationPort {
  return {
    label: port.name ?? String(port.number),
    service: port.number,
    pod: podNumbers(destination.service, port, destination.workloads),
    layer: port.layer,
  };
}

/** A port of pods that no Service exposes: nothing declares its protocol, so no proxy parses requests on it by rule. */
export function podPort(number: number, label: string): DestinationPort {
  return { label, service: undefined, pod: [number], layer: 'detected' };
}

/** The same ports as some of a destination's workloads call them; without those that these workloads do not have. */
export function portsAt(
  { service }: Destination,
  ports: readonly DestinationPort[],
  workloads: readonly Workload[],
): DestinationPort[] {
  return ports.flatMap((port) => {
    const exposed = service?.ports.find(({ number }) => number === port.service);
    if (exposed === undefined) return [port];
    const pod = podNumbers(service, exposed, workloads);
    return pod.length > 0 ? [{ ...port, pod }] : [];
  });
}

function podNumbers(service: Service | undefined, port: ServicePort, workloads: readonly Workload[]): number[] {
  const numbers = workloads.flatMap((workload) => arrivalPortsOf(service, port, workload));
  return sortedNumbers(numbers);
}
