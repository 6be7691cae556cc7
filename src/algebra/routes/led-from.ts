import type { MeshCluster } from '../../mesh/mesh.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import { connectionDestinations, requestDestinations } from '../../mesh/routes/destinations.js';
import { meshRoutesOf, wildcardFor } from '../../mesh/routes/owner/mesh-routes.js';
import type { Route } from '../../mesh/routes/route.js';
import { keyOf, type Service, type ServicePort, targetPortOf } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';

/** A Service from which a route may lead to a port of pods that are not behind it. */
export interface LedFrom {
  readonly service: Service;
  readonly port: ServicePort;
  readonly podPort: number;
}

/** By the key of the workload: where requests may be addressed that routes lead to its pods. */
export const ledFrom = oncePerObject((mesh: MeshCluster): ReadonlyMap<string, readonly LedFrom[]> => {
  const found = meshRoutesOf(mesh).all.flatMap((route) => {
    const mirrors = route.http.flatMap((rule) => rule.mirrors);
    const requests = [...requestDestinations(route), ...mirrors].flatMap((end) => endsOf(mesh, end));
    const connections = connectionDestinations(route).flatMap((end) => endsOf(mesh, end));
    return addressedBy(mesh, route).flatMap((service) =>
      service.ports.flatMap((port) => {
        const ends = port.layer === 'tcp' ? connections : [...requests, ...connections];
        const others = ends.filter(({ workload }) => !service.workloads.includes(workload));
        return others.map((end) => ({ ...end, service, port }));
      }),
    );
  });
  const distinct = new Map(found.toReversed().map((each) => [keyOfLed(each), each]));
  return groupBy([...distinct.values()], ({ workload }) => workload);
});

/** A port of some pods. */
export interface End {
  readonly workload: string;
  readonly podPort: number;
}

function keyOfLed({ workload, service, port }: End & LedFrom): string {
  return [workload, keyOf(service), port.number].join(' ');
}

function addressedBy(mesh: MeshCluster, route: Route): readonly Service[] {
  const exact = route.hosts.flatMap((host) => hostsNamed(mesh, host).flatMap(({ service }) => service ?? []));
  if (!route.hosts.some((host) => host.startsWith('*'))) return [...new Set(exact)];
  const all = [...mesh.cluster.services.values()].filter(({ host }) => wildcardFor(route, host) !== undefined);
  return [...new Set([...exact, ...all])];
}

interface Named {
  readonly host: string;
  readonly port: number | undefined;
}

/** Whatever the version: which pods have its labels is for the ways to tell. */
export function endsOf(mesh: MeshCluster, { host, port }: Named): readonly End[] {
  return hostsNamed(mesh, host).flatMap(({ service, port: own }) => {
    if (service === undefined || (port !== undefined && own.number !== port)) return [];
    return service.workloads.flatMap((workload) => {
      const pods = mesh.cluster.workloads.get(workload);
      const podPort = pods && targetPortOf(own, pods);
      return podPort === undefined ? [] : [{ workload, podPort }];
    });
  });
}
