import type { Destination } from '../../../src/mesh/request.js';
import type { Cluster, PortLayer, ServicePort, Workload } from '../../../src/topology/model.js';
import { applicationsOf } from './sources.js';

/** An address in the mesh, and what is spoken there. */
export interface Place {
  readonly destination: Destination;
  readonly layer: PortLayer;
}

/** The name that a client calls it by. */
export function hostOf(destination: Destination): string {
  if (destination.kind === 'service') return destination.service.split('/').reverse().join('.');
  return destination.kind === 'pod' ? '10.244.0.1' : 'www.example.com';
}

/** Every port of every Service at each of its pods, every port of every pod, and what gateways listen on. */
export function placesIn(cluster: Cluster): readonly Place[] {
  const workloads = applicationsOf(cluster).filter(([, { mode }]) => mode.plane !== 'gateway');
  return [...servicePlaces(cluster, workloads), ...podPlaces(cluster, workloads), ...gatewayPlaces(cluster)];
}

type Workloads = ReadonlyArray<readonly [string, Workload]>;

function servicePlaces(cluster: Cluster, workloads: Workloads): readonly Place[] {
  const names = new Set(workloads.map(([name]) => name));
  const services = [...cluster.services].filter(([, { type }]) => type !== 'ExternalName');
  return services.flatMap(([key, service]) =>
    service.ports.filter(isTcp).flatMap(({ number, layer }) =>
      service.workloads
        .filter((workload) => names.has(workload))
        .map((workload): Place => {
          const destination = { kind: 'service', cluster: cluster.name, service: key, port: number, workload } as const;
          return { destination, layer };
        }),
    ),
  );
}

/** A port that nothing mentions. */
const undeclared = 9999;

function podPlaces(cluster: Cluster, workloads: Workloads): readonly Place[] {
  return workloads.flatMap(([key, workload]) => {
    const behind = workload.services.flatMap((service) => cluster.services.get(service)?.ports ?? []).filter(isTcp);
    const targets = behind.flatMap(({ targetPort }) => numberOf(targetPort, workload));
    const ports = new Set([...workload.ports.map(({ number }) => number), ...targets, undeclared]);
    return [...ports].map((port): Place => {
      const destination = { kind: 'pod', cluster: cluster.name, workload: key, port } as const;
      return { destination, layer: 'detected' };
    });
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
function gatewayPlaces(cluster: Cluster): readonly Place[] {
  return [...cluster.gateways].flatMap(([gateway, { listeners }]) => {
    const plain = listeners.filter(({ tls }) => tls === undefined);
    const layers = new Map(
      plain.map(({ podPort, reads }) => [podPort, reads === 'requests' ? 'http' : 'tcp'] as const),
    );
    return [...layers].map(([port, layer]): Place => {
      return { destination: { kind: 'gateway', cluster: cluster.name, gateway, port }, layer };
    });
  });
}
