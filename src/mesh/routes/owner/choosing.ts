import { type Service, type ServicePort, targetPortOf } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import { asAtSidecar, targetOf } from '../follow/target.js';
import type { Obeying } from '../obeyed-rules.js';
import type { RouteMatch, WeightedDestination } from '../route.js';
import type { RouteEntry, RouteTables } from '../table.js';

/** A Service and one of its ports, for a proxy of a namespace. */
export interface Chosen {
  readonly mesh: MeshCluster;
  readonly obeying: Obeying;
  readonly service: Service;
  readonly port: ServicePort;
}

/** Whether tables do nothing but choose among the pods of the Service itself, for every request. */
export function onlyChoose({ tables }: RouteTables, chosen: Chosen): boolean {
  return tables.every(({ entries }) => entries.every((entry) => chooses(entry, chosen)) && entries.some(isForAll));
}

function isForAll({ match }: RouteEntry): boolean {
  return match === undefined || asksNothing(match);
}

/** Whether every request matches. */
export function asksNothing({ path, method, authority, scheme, headers, query, doubt }: RouteMatch): boolean {
  const others = [method, authority, scheme, doubt].every((each) => each === undefined);
  return (
    others &&
    headers.length + query.length === 0 &&
    (path === undefined || (path.kind === 'prefix' && path.value === '/'))
  );
}

function chooses({ rule }: RouteEntry, chosen: Chosen): boolean {
  const { result, abort, cors, mirrors } = rule;
  if (result.kind !== 'forward' || abort !== undefined || cors !== undefined || mirrors.length > 0) return false;
  return result.destinations.every((destination) => isUnchanged(destination) && staysWithin(destination, chosen));
}

function isUnchanged({ changes: { path, host, headers } }: WeightedDestination): boolean {
  return path === undefined && host === undefined && headers.length === 0;
}

/** The pods of a version are pods of the Service, at the port to which it leads itself. */
function staysWithin(
  destination: Pick<WeightedDestination, 'host' | 'subset' | 'port' | 'statusIfMissing' | 'fault'>,
  { mesh, obeying, service, port }: Chosen,
): boolean {
  const target = targetOf(mesh, obeying, asAtSidecar(destination, port.number), port.number);
  if (target.kind !== 'pods') return false;
  return target.workloads.every((key) => {
    const workload = mesh.cluster.workloads.get(key);
    if (workload === undefined || !service.workloads.includes(key)) return false;
    return targetPortOf(target.port, workload) === targetPortOf(port, workload);
  });
}
