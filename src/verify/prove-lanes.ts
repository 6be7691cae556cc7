import type { Cluster } from '../topology/model.js';
import { keyOf, type PortLayer, type Workload } from '../topology/model.js';
import type { CallerPool } from './algebra/caller-pool.js';
import { constantsOf, type Lane, planLane } from './algebra/lane.js';
import { peerAuthenticationAt } from './attach.js';
import { targetPortOf } from './endpoint.js';
import { type Demand, isExposed, podPortsOf } from './intents/demands.js';
import type { Address } from './intents/situation.js';
import type { Mesh, MeshCluster } from './mesh.js';
import type { Payload } from './request.js';

/** One way to a workload, with how it is addressed. */
export interface AddressedLane {
  readonly lane: Lane;
  readonly address: Address;
}

/** A port that may stand for all that nobody mentions is looked for from here downwards. */
const lastPort = 65_535;

/**
 * Every way to a workload: by each port of each Service, and by each port of its pods: those that are declared, those
 * that intents and policies mention, and one that stands for all others. A process listens where it likes.
 */
export function lanesTo(mesh: Mesh, pool: CallerPool, demand: Demand, given: Cluster): readonly AddressedLane[] {
  const at = mesh.clusters.get(demand.workload.cluster);
  const workload = at?.cluster.workloads.get(keyOf(demand.workload));
  if (at === undefined || workload === undefined) return [];
  const exposed = exposedPorts(at, workload);
  return [
    ...exposed.flatMap(({ service, port, podPort, layer }) => {
      const destination = {
        kind: 'service',
        cluster: workload.cluster,
        service,
        port,
        workload: keyOf(workload),
      } as const;
      const address = { kind: 'service', service, port, podPort, isGiven: given.services.has(service) } as const;
      return payloadsOf([layer]).map((payload) => ({ lane: { destination, payload }, address }));
    }),
    ...podPorts(mesh, pool, demand, at, workload).flatMap((podPort) => {
      const destination = { kind: 'pod', cluster: workload.cluster, workload: keyOf(workload), port: podPort } as const;
      const address = { kind: 'pod', podPort, isExposed: isExposed(given, demand.workload, podPort) } as const;
      const layers = exposed.filter((each) => each.podPort === podPort).map(({ layer }) => layer);
      return payloadsOf(layers).map((payload) => ({ lane: { destination, payload }, address }));
    }),
  ];
}

interface ExposedPort {
  readonly service: string;
  readonly port: number;
  readonly podPort: number;
  readonly layer: PortLayer;
}

function exposedPorts({ cluster }: MeshCluster, workload: Workload): readonly ExposedPort[] {
  return workload.services.flatMap((service) =>
    (cluster.services.get(service)?.ports ?? []).flatMap((port) => {
      const podPort = port.transport === 'TCP' ? targetPortOf(port, workload) : undefined;
      return podPort === undefined ? [] : [{ service, port: port.number, podPort, layer: port.layer }];
    }),
  );
}

/** What callers send to a port: what all its declarations say, or either where none says it. */
function payloadsOf(layers: readonly PortLayer[]): ReadonlyArray<Payload['kind']> {
  const [layer, ...others] = [...new Set(layers)];
  if (others.length > 0 || layer === undefined || layer === 'detected') return ['http', 'tcp'];
  return [layer];
}

function podPorts(
  mesh: Mesh,
  pool: CallerPool,
  demand: Demand,
  at: MeshCluster,
  workload: Workload,
): readonly number[] {
  const declared = [
    ...workload.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => number),
    ...exposedPorts(at, workload).map(({ podPort }) => podPort),
  ];
  const intended = [...demand.allow, ...demand.deny, ...demand.plaintext].flatMap(({ target }) =>
    (target.ports ?? []).flatMap((port) => podPortsOf(port, target.destination.service, demand.workload)),
  );
  const known = new Set([...declared, ...intended, ...portsInPolicies(mesh, pool, at, workload)]);
  let unmentioned = lastPort;
  while (known.has(unmentioned)) unmentioned--;
  return [...known, unmentioned].sort((left, right) => left - right);
}

function portsInPolicies(mesh: Mesh, pool: CallerPool, at: MeshCluster, workload: Workload): readonly number[] {
  const destination = { kind: 'pod', cluster: workload.cluster, workload: keyOf(workload), port: lastPort } as const;
  const plan = planLane(mesh, pool.scouts(workload.cluster), { destination, payload: 'http' });
  const compared = constantsOf(mesh, plan).get('destination.port') ?? [];
  const modes = workload.mode.plane === 'sidecar' ? peerAuthenticationAt('sidecar', workload, at) : [];
  return [
    ...compared.flatMap((matcher) => (matcher.kind === 'exact' ? [Number(matcher.value)] : [])),
    ...modes.flatMap(({ ports }) => ports.map(({ port }) => port)),
  ];
}
