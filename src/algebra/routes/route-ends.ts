import type { MeshCluster } from '../../mesh/mesh.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import { connectionDestinations, requestDestinations } from '../../mesh/routes/destinations.js';
import type { BoundListener } from '../../mesh/routes/owner/at-gateway.js';
import type { Route } from '../../mesh/routes/route.js';
import type { Service } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { type End, endsOf, ledFrom } from './led-from.js';

/** Whether the requests for a name may come to some pods, by the routes for it. */
export function mayLeadTo(mesh: MeshCluster, bound: readonly BoundListener[], name: string, end: End): boolean {
  const routes = bound.flatMap((each) => each.routes.filter(({ names }) => names.includes(name)));
  return routes.some(({ route }) =>
    endsOfRoute(mesh, route).some(({ workload, podPort }) => workload === end.workload && podPort === end.podPort),
  );
}

/** Through the waypoint of a Service it may go on to wherever the routes of the Service lead. */
export function endsOfRoute(mesh: MeshCluster, route: Route): readonly End[] {
  const mirrors = route.http.flatMap((rule) => rule.mirrors);
  const named = [...requestDestinations(route), ...connectionDestinations(route), ...mirrors];
  const services = named.flatMap(({ host }) => hostsNamed(mesh, host).flatMap(({ service }) => service ?? []));
  const further = services.filter(({ ingressUsesWaypoint }) => ingressUsesWaypoint);
  return distinctEnds([
    ...named.flatMap((each) => endsOf(mesh, each)),
    ...further.flatMap((service) => ledTo(mesh).get(service) ?? []),
  ]);
}

const ledTo = oncePerObject((mesh: MeshCluster): ReadonlyMap<Service, readonly End[]> => {
  const all = [...ledFrom(mesh)].flatMap(([workload, from]) => from.map((each) => ({ ...each, workload })));
  return groupBy(all, ({ service }) => service);
});

export function distinctEnds(ends: readonly End[]): readonly End[] {
  return [...new Map(ends.map((end) => [`${end.workload} ${end.podPort}`, end])).values()];
}
