import { type Destination, usualHost } from '../../../src/mesh/request.js';
import type { Cluster, ServicePort, Workload } from '../../../src/topology/model.js';
import { applicationsOf } from './sources.js';

/** The name that a client calls it by. */
export function hostOf(destination: Destination): string {
  if (destination.kind === 'service') return destination.service.split('/').reverse().join('.');
  return destination.kind === 'pod' ? usualHost(destination) : 'www.example.com';
}

/** Every port of every Service at each of its pods, every port of every pod, and what gateways listen on. */
export function placesIn(cluster: Cluster): readonly Destination[] {
  const workloads = applicationsOf(cluster).filter(([, { mode }]) => mode.plane !== 'gateway');
  return [...servicePlaces(cluster, workloads), ...podPlaces(cluster, workloads), ...gatewayPlaces(cluster)];
}

type Workloads = ReadonlyArray<readonly [string, Workload]>;

function servicePlaces(cluster: Cluster, workloads: Workloads): readonly Destination[] {
  const names = new Set(workloads.map(([name]) => name));
  const services = [...cluster.services].filter(([, { type }]) => type !== 'ExternalName');
  return services.flatMap(([key, service]) =>
    service.ports
      .filter(isTcp)
      .flatMap(({ number: port }) =>
        service.workloads
          .filter((workload) => names.has(workload))
          .map((workload): Destination => ({ kind: 'service', cluster: cluster.name, service: key, port, workload })),
      ),
  );
}

/** A port that nothing mentions. */
const undeclared = 9999;

function podPlaces(cluster: Cluster, workloads: Workloads): readonly Destination[] {
  return workloads.flatMap(([key, workload]) => {
    const behind = workload.services.flatMap((service) => cluster.services.get(service)?.ports ?? []).filter(isTcp);
    const targets = behind.flatMap(({ targetPort }) => numberOf(targetPort, workload));
    const ports = new Set([...workload.ports.map(({ number }) => number), ...targets, undeclared]);
    return [...ports].map((port): Destination => ({ kind: 'pod', cluster: cluster.name, workload: key, port }));
  });
}

function numberOf(targetPort: number | string, { ports }: Workload): readonly number[] {
  if (typeof targetPort === 'number') return [targetPort];
  return ports.filter(({ name }) => name === targetPort).map(({ number }) => number);
}

function isTcp({ transport }: ServicePort): boolean {
  return transport === 'TCP';
}

/** Clients speak no TLS of their own here, so that nobody asks where a gateway wants it. */
function gatewayPlaces(cluster: Cluster): readonly Destination[] {
  return [...cluster.gateways].flatMap(([gateway, { listeners }]) => {
    const plain = listeners.filter(({ tls }) => tls === undefined);
    const ports = new Set(plain.map(({ podPort }) => podPort));
    return [...ports].map((port): Destination => ({ kind: 'gateway', cluster: cluster.name, gateway, port }));
  });
}
