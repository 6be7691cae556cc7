import type { Destination, Source } from '../../../../src/mesh/request.js';
import type { Cluster } from '../../../../src/topology/model.js';
import type { RouteTheme } from '../cases/theme.js';

/** Who asks, and for what. */
export interface Places {
  readonly sources: readonly Source[];
  readonly destinations: readonly RoutedPlace[];
}

export interface RoutedPlace {
  readonly destination: Destination;
  /** Names by which a client calls it. */
  readonly names: readonly string[];
  readonly carries: 'requests' | 'bytes' | 'both';
}

export function placesOf(cluster: Cluster, { proxy, kind }: RouteTheme): Places {
  const { name } = cluster;
  if (proxy === 'gateway') {
    return { sources: [{ kind: 'outside', name: 'anyone' }], destinations: gatewayPlaces(cluster) };
  }
  const clients =
    proxy === 'sidecar' ? ['shop/cart-v1', 'ops/probe-v1', 'pay/ledger-v1'] : ['shop/cart-v1', 'ops/probe-v1'];
  const sources = clients.map((workload) => ({ kind: 'workload', cluster: name, workload }) as const);
  if (kind === 'hosts outside') return { sources, destinations: outsidePlaces(cluster) };
  return { sources, destinations: [...servicePlaces(cluster), ...(proxy === 'sidecar' ? podPlaces(cluster) : [])] };
}

/** Pods at ports of Services, which the listeners of sidecars take, and at those of their own; called by the name of a Service. */
function podPlaces({ name: cluster, services, workloads }: Cluster): readonly RoutedPlace[] {
  return [...workloads].flatMap(([workload, { services: keys, mode }]) => {
    if (mode.plane === 'waypoint') return [];
    const own = keys.flatMap((key) => services.get(key) ?? []);
    const names = own.flatMap(({ name, namespace, host }) => [`${name}.${namespace}`, host, name]);
    return [80, 9080, 8080].map((port): RoutedPlace => {
      return { destination: { kind: 'pod', cluster, workload, port }, names: [...names, 'pod-ip'], carries: 'both' };
    });
  });
}

const layers = { http: 'requests', tcp: 'bytes', detected: 'both' } as const;

function servicePlaces({ name: cluster, services }: Cluster): readonly RoutedPlace[] {
  return [...services].flatMap(([key, { ports, workloads, name, namespace, host }]) => {
    const [workload] = workloads;
    if (workload === undefined) return [];
    return ports.map(({ number, layer }): RoutedPlace => {
      const destination = { kind: 'service', cluster, service: key, port: number, workload } as const;
      const names = [`${name}.${namespace}`, host, name];
      return { destination, names, carries: layers[layer] };
    });
  });
}

function outsidePlaces({ name: cluster, serviceEntries }: Cluster): readonly RoutedPlace[] {
  return [...serviceEntries].flatMap(([entry, { hosts, ports }]) =>
    hosts.flatMap((host) =>
      ports.map(({ number: port, layer }): RoutedPlace => {
        const destination = { kind: 'external', cluster, entry, host, port } as const;
        return { destination, names: [host], carries: layers[layer] };
      }),
    ),
  );
}

function gatewayPlaces({ name: cluster, gateways }: Cluster): readonly RoutedPlace[] {
  return [...gateways].flatMap(([gateway, { listeners }]) => {
    const plain = listeners.filter(({ tls }) => tls === undefined);
    return [...new Map(plain.map((listener) => [listener.podPort, listener]))].map(([port, { reads }]): RoutedPlace => {
      const destination = { kind: 'gateway', cluster, gateway, port } as const;
      return {
        destination,
        names: ['shop.example.com', 'api.example.com'],
        carries: reads === 'requests' ? 'requests' : 'bytes',
      };
    });
  });
}
