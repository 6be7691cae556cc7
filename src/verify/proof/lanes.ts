import { keyOf, type PortLayer, type Workload } from '../../topology/model.js';
import { type Lane, policiesOf } from '../algebra/lane.js';
import { joinMentions, mentionsOfPlan } from '../algebra/mentions.js';
import { peerAuthenticationAt } from '../attach.js';
import { portsNamedBy } from '../compiled.js';
import { targetPortOf } from '../endpoint.js';
import { isExposed, podPortsOf, speaksOfPort } from '../intents/demands.js';
import { mentionsOfDemand } from '../intents/mentions.js';
import type { Address } from '../intents/situation.js';
import { inNamespaces, type MeshCluster } from '../mesh.js';
import type { Payload } from '../request.js';
import { type Planner, plannerOf, withTlsNamespaces } from './planner.js';
import type { Comparison, ProofContext } from './prove-lane.js';
import type { Subject } from './subject-key.js';

/** Every way to a workload, ready to be compared with what the intents say of it. */
export function comparisonsTo({ mesh, pool }: ProofContext, subject: Subject): readonly Comparison[] {
  const { demand, at, workload } = subject;
  const { cluster } = workload;
  const planner = plannerOf(mesh, pool, cluster);
  const meant = mentionsOfDemand(demand);
  const plaintextByDefault = acceptsPlaintext(at, workload);
  return lanesTo({ ...subject, planner }).map(({ lane, address }) => {
    const scouted = planner.scout(lane);
    const mentions = joinMentions([mentionsOfPlan(scouted), meant]);
    const callers = pool.callers(cluster, withTlsNamespaces(mesh, lane, mentions));
    return { demand, plan: planner.follow(scouted, callers), address, callers, plaintextByDefault };
  });
}

/** Istio accepts plaintext unless a PeerAuthentication says otherwise (§5.1). */
function acceptsPlaintext({ peerAuthentication, rootNamespace }: MeshCluster, { namespace }: Workload): boolean {
  return inNamespaces(peerAuthentication, rootNamespace, namespace).length === 0;
}

export interface AddressedLane {
  readonly lane: Lane;
  readonly address: Address;
}

export interface Place extends Subject {
  readonly planner: Planner;
}

export const lastPort = 65_535;

/** A port that stands for all that nobody mentions. */
export function unmentionedPort(mentioned: ReadonlySet<number>): number {
  let port = lastPort;
  while (mentioned.has(port)) port--;
  return port;
}

/**
 * By each port of each Service, and by each port of the pods: those that are declared, those that intents and policies
 * mention, and one that stands for all others. A process listens where it likes.
 */
export function lanesTo(place: Place): readonly AddressedLane[] {
  const { demand, given, at, workload } = place;
  const exposed = exposedPorts(at, workload);
  const base = { cluster: workload.cluster, workload: keyOf(workload) };
  return [
    ...exposed.flatMap(({ service, port, podPort, layer }) => {
      const destination = { kind: 'service', ...base, service, port } as const;
      const address = { kind: 'service', service, port, podPort, isGiven: given.services.has(service) } as const;
      return payloadsOf([layer]).map((payload) => ({ lane: { destination, payload }, address }));
    }),
    ...podPorts(place).flatMap((podPort) => {
      const destination = { kind: 'pod', ...base, port: podPort } as const;
      const address = { kind: 'pod', podPort, isExposed: isExposed(given, demand.workload, podPort) } as const;
      const layers = exposed.filter((each) => each.podPort === podPort).map(({ layer }) => layer);
      const payloads = areBytesAlike(place, podPort) ? (['tcp'] as const) : payloadsOf(layers);
      return payloads.map((payload) => ({ lane: { destination, payload }, address }));
    }),
  ];
}

/** Whether nobody looks at requests on a pod port: ztunnel cannot, and no rule does. */
function areBytesAlike({ demand, workload }: Place, podPort: number): boolean {
  if (isReadAtPods(workload)) return false;
  const grants = [...demand.allow, ...demand.deny].filter(({ target }) => target.conditions.length > 0);
  return !grants.some((grant) => speaksOfPort(grant, demand.workload, podPort));
}

/** Whether something stands at a pod's own address that can read requests, and so has rules that speak of them. */
function isReadAtPods({ mode, binding }: Workload): boolean {
  return mode.plane !== 'ambient' || binding.kind === 'bound';
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

function podPorts(place: Place): readonly number[] {
  const { demand, at, workload } = place;
  const declared = [
    ...workload.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => number),
    ...exposedPorts(at, workload).map(({ podPort }) => podPort),
  ];
  const intended = [...demand.allow, ...demand.deny, ...demand.plaintext].flatMap(({ target }) =>
    (target.ports ?? []).flatMap((port) => podPortsOf(port, target.destination.service, demand.workload)),
  );
  const known = new Set([...declared, ...intended, ...portsInPolicies(place)]);
  return [...known, unmentionedPort(known)].sort((left, right) => left - right);
}

function portsInPolicies({ planner, at, workload }: Place): readonly number[] {
  const destination = { kind: 'pod', cluster: workload.cluster, workload: keyOf(workload), port: lastPort } as const;
  const payload = isReadAtPods(workload) ? 'http' : 'tcp';
  const policies = policiesOf(planner.scout({ destination, payload }));
  const modes = workload.mode.plane === 'sidecar' ? peerAuthenticationAt('sidecar', workload, at) : [];
  return [...portsNamedBy(policies), ...modes.flatMap(({ ports }) => ports.map(({ port }) => port))];
}
