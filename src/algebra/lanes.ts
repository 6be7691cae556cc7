import type { MeshCluster } from '../mesh/mesh.js';
import { proxyPorts } from '../mesh/paths/capture.js';
import { distinctPorts } from '../mesh/paths/distinct-ports.js';
import { layerAtPod } from '../mesh/paths/inbound-layer.js';
import { portsNamedBy } from '../mesh/policies/compiled.js';
import type { Payload } from '../mesh/request.js';
import { type Cluster, keyOf, type PortLayer, targetPortOf, type Workload } from '../topology/model.js';
import { type Lane, nameOfLane, policiesOf, type Way } from './lane.js';
import type { Planner } from './planner.js';
import { ledFrom } from './routes/led-from.js';

/** How a pod port is addressed. */
export type Address =
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly port: number;
      readonly podPort: number;
      readonly isGiven: boolean;
      /** Whether the pods are not its own, and a route may lead there. */
      readonly isLed?: true;
    }
  /** `isExposed`: a Service with a virtual IP leads to the same port, and is the address to use. */
  | { readonly kind: 'pod'; readonly podPort: number; readonly isExposed: boolean };

export interface AddressedLane {
  readonly lane: Lane;
  readonly address: Address;
}

/** A workload as it is once everything is applied, in the cluster as it was given. */
export interface Place {
  readonly workload: Workload;
  readonly at: MeshCluster;
  readonly given: Cluster;
  readonly planner: Planner;
}

/** What others than manifests and policies say of the ports of a workload. */
export interface PortClaims {
  readonly ports: readonly number[];
  /** Whether they tell requests to this port of the pods apart. */
  readsRequests(podPort: number): boolean;
}

const noClaims: PortClaims = { ports: [], readsRequests: () => false };

export const lastPort = 65_535;

/** A port that stands for all that nobody mentions. */
export function unmentionedPort(mentioned: ReadonlySet<number>): number {
  let port = lastPort;
  while (mentioned.has(port)) port--;
  return port;
}

/**
 * By each port of each Service, and by each port of the pods: those that are declared, those that claims and policies
 * mention, and one that stands for all others. A process listens where it likes.
 */
export function lanesTo(place: Place, claims = noClaims): readonly AddressedLane[] {
  const { given, at, workload } = place;
  const before = given.workloads.get(keyOf(workload)) ?? workload;
  const exposed = exposedPorts(at, workload);
  const base = { cluster: workload.cluster, workload: keyOf(workload) };
  return [
    ...[...ledPorts(at, workload), ...exposed].flatMap(({ layer, ...exposedPort }) => {
      const { service, port } = exposedPort;
      const destination = { kind: 'service', ...base, service, port } as const;
      const address = { kind: 'service', ...exposedPort, isGiven: given.services.has(service) } as const;
      return payloadsOf([layer]).map((payload) => ({ lane: { destination, payload }, address }));
    }),
    ...podPorts(place, claims).flatMap((podPort) => {
      const destination = { kind: 'pod', ...base, port: podPort } as const;
      const address = { kind: 'pod', podPort, isExposed: isExposed(given, before, podPort) } as const;
      const read = layerAtPod({ kind: 'endpoint', mesh: at, workload, podPort, service: undefined });
      const declared = exposed.filter((each) => each.podPort === podPort).map(({ layer }) => layer);
      const layers = typeof read === 'string' ? [...declared, read] : declared;
      const payloads = areBytesAlike(workload, claims, podPort) ? (['tcp'] as const) : payloadsOf(layers);
      return payloads.map((payload) => ({ lane: { destination, payload }, address }));
    }),
  ];
}

/**
 * The same, and to ports that are declared HTTP bytes as well that are no request, where anybody's get through: what reads requests
 * stops them (§2.5), and ztunnel lets them on to whatever listens.
 */
export function lanesOfAnyBytesTo(place: Place): readonly AddressedLane[] {
  const lanes = lanesTo(place);
  const known = new Set(lanes.map(({ lane }) => nameOfLane(lane)));
  const ofBytes = lanes.map(({ lane, ...rest }) => ({ ...rest, lane: { ...lane, payload: 'tcp' } as const }));
  return [
    ...lanes,
    ...ofBytes.filter(({ lane }) => !known.has(nameOfLane(lane)) && place.planner.scout(lane).ways.some(mayPass)),
  ];
}

/** Whom NetworkPolicies stop stands here for others whom they let in. */
function mayPass({ stop }: Way): boolean {
  return stop?.kind !== 'no-path' || 'policies' in stop;
}

/** Whether nobody looks at requests on a pod port: ztunnel cannot, and no claim does. */
function areBytesAlike(workload: Workload, claims: PortClaims, podPort: number): boolean {
  return !isReadAtPods(workload) && !claims.readsRequests(podPort);
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
  readonly isLed?: true;
}

/** Ports of other Services whose routes may lead to the pods. */
function ledPorts(at: MeshCluster, workload: Workload): readonly ExposedPort[] {
  return (ledFrom(at).get(keyOf(workload)) ?? []).map(({ service, port: { number: port, layer }, podPort }) => {
    return { service: keyOf(service), port, podPort, layer, isLed: true };
  });
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

function podPorts(place: Place, claims: PortClaims): readonly number[] {
  const known = mentionedPodPorts(place, claims);
  return [...known, unmentionedPort(known)].sort((left, right) => left - right);
}

/** The ports of the pods of which manifests, claims and policies speak. */
export function mentionedPodPorts(place: Place, claims = noClaims): ReadonlySet<number> {
  const { at, workload } = place;
  const ofProxy = proxyPorts(workload);
  const ofContainers = workload.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => number);
  const declared = [
    // A pod that was read from a cluster declares the ports of its proxy too, of which no intent and no policy speaks.
    ...ofContainers.filter((port) => !ofProxy.includes(port)),
    ...exposedPorts(at, workload).map(({ podPort }) => podPort),
  ];
  return new Set([...declared, ...claims.ports, ...portsInPolicies(place)]);
}

function portsInPolicies({ planner, at, workload }: Place): readonly number[] {
  const destination = { kind: 'pod', cluster: workload.cluster, workload: keyOf(workload), port: lastPort } as const;
  const payload = isReadAtPods(workload) ? 'http' : 'tcp';
  const policies = policiesOf(planner.scout({ destination, payload }));
  return [...portsNamedBy(policies), ...distinctPorts(at, workload)];
}

/** Whether a workload has a port that some Service with a virtual IP exposes: then callers have a better address. */
function isExposed(cluster: Cluster, workload: Workload, podPort: number): boolean {
  return workload.services.some((key) => {
    const service = cluster.services.get(key);
    return service?.hasVip === true && service.ports.some((port) => targetPortOf(port, workload) === podPort);
  });
}
