import type { CallerClass } from '../../algebra/callers.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { keyOf, type ServicePort } from '../../topology/model.js';
import type { Leave, LeaveOf } from './may-call.js';

/** What pods of the mesh may call by a name: a Service, or a host of a ServiceEntry. */
export interface CallableHost {
  /** As a person would say it. */
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly exportTo: readonly string[] | undefined;
  readonly ports: readonly ServicePort[];
  /** `undefined` where the intents let nobody of a class call. */
  leaveFor(caller: CallerClass): Leave | undefined;
}

/** Services as they were given: those that stand for versions are reached by routes. Nobody is kept out of hosts outside the mesh. */
export function callableHosts(mesh: Mesh, { topology }: Resolved, leaveOf: LeaveOf): readonly CallableHost[] {
  const services = topology.clusters.flatMap((cluster) => [...cluster.services.values()]);
  const entries = [...mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.serviceEntries.values()]);
  return [
    ...services.map((service) => ({
      ...service,
      name: keyOf(service),
      ports: service.ports.filter(isForTcp),
      leaveFor: (caller: CallerClass) => leaveOf(service, caller),
    })),
    ...entries.flatMap(({ namespace, hosts, exportTo, ports }) =>
      hosts.map((host) => ({
        name: host,
        namespace,
        host,
        exportTo,
        ports: ports.filter(isForTcp),
        leaveFor: (): Leave => ({ kind: 'open' }),
      })),
    ),
  ];
}

function isForTcp({ transport }: ServicePort): boolean {
  return transport === 'TCP';
}
