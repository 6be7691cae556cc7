import type { Mesh } from '../../mesh/mesh.js';
import type { Caller } from '../../mesh/paths/caller.js';
import { notModelled, type Path } from '../../mesh/paths/hops.js';
import { pathThrough, waysThrough } from '../../mesh/paths/through-gateways.js';
import type { Way as MeshWay } from '../../mesh/paths/ways.js';
import { askingFor, type ToHost, waysOut } from '../../mesh/paths/ways-out.js';
import type { Payload } from '../../mesh/request.js';
import { allNaming } from '../../mesh/routes/follow/matching.js';
import { keyOf } from '../../topology/model.js';
import { joined, nowhere, type OnLane, type RoutedWay, waysLeading } from './routed-ways.js';
import type { routingPoints } from './table-sets.js';

/** The ways of all requests or connections to a host outside the mesh. */
export function waysOutside(
  mesh: Mesh,
  caller: Caller,
  destination: ToHost,
  sample: Payload,
  pointAt: ReturnType<typeof routingPoints>,
  tell?: (way: MeshWay) => string,
): readonly RoutedWay[] {
  const at = mesh.clusters.get(destination.cluster);
  if (at === undefined) return [nowhere];
  const { pathNormalization } = at.cluster.settings.istio;
  const payload = askingFor(destination, sample);
  const sent = payload.kind === 'tcp' ? undefined : allNaming(destination.host, pathNormalization);
  const ways = waysOut(mesh, caller, destination, sent, payload.kind === 'tcp' ? payload.serverName : undefined);
  if ('because' in ways) return [{ ...nowhere, stop: ways }];
  const onLane: OnLane = {
    pointAt,
    at,
    leads: ({ end }) => ['external', 'passed on', 'pods'].includes(end.kind),
    isOf: () => true,
    pathOf: (way) => pathOnWay(mesh, way, payload),
    ...(tell && { tell }),
  };
  const found = waysLeading(waysThrough(mesh, ways, payload), onLane);
  return found.length === 0 ? [nowhere] : joined(found);
}

/** What a gateway on the way does with requests by its own rules is not told apart, nor are pods to which routes lead. */
function pathOnWay(mesh: Mesh, way: MeshWay, payload: Payload): Path {
  const { through, end } = way;
  if (end.kind === 'pods')
    return notModelled(`a route that leads from a host outside the mesh to \`${keyOf(end.service)}\``);
  if (through?.onward !== undefined && payload.kind === 'http') {
    const { gateway } = through.gateway;
    return notModelled(`by which rules of gateway \`${gateway}\` requests go out of the mesh`);
  }
  return pathThrough(mesh, way, '', payload);
}
