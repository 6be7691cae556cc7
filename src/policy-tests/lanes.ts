import { constantsOf, type Lane } from '../algebra/lane.js';
import { ledByGateways } from '../algebra/routes/led-by-gateways.js';
import { ledFrom } from '../algebra/routes/led-from.js';
import { proxyPorts } from '../mesh/paths/capture.js';
import { distinctPorts } from '../mesh/paths/distinct-ports.js';
import type { Destination } from '../mesh/request.js';
import { podPortsOf } from '../proof/intents/demands.js';
import type { DestinationPort } from '../resolve/resolved.js';
import type { MeantTarget, ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { keyOf, type Service, type ServicePort, targetPortOf, type Workload } from '../topology/model.js';
import { groupBy, sortedNumbers } from '../util/order.js';
import { isFromOutside } from './caller-sets.js';
import type { Situation } from './situation.js';

/**
 * Every way to a target. `never` and `only` mean the pods, so whatever leads there counts: each Service in front of
 * them and their own addresses. `always` means what callers do: they use the Service, where there is one.
 */
export function lanesTo(situation: Situation, check: ResolvedGuardrail, target: MeantTarget): readonly Lane[] {
  return distinct(
    placesOf(situation, check, target).flatMap((place) =>
      check.modality === 'always' ? usedLanes(place, check) : allLanes(place, check),
    ),
  );
}

export function placesOf(situation: Situation, check: ResolvedGuardrail, target: MeantTarget): readonly Place[] {
  const { cluster: name } = target.destination;
  if (check.cluster !== undefined && check.cluster !== name) return [];
  const cluster = situation.mesh.clusters.get(name)?.cluster;
  const workloads = target.destination.workloads.flatMap((each) => cluster?.workloads.get(keyOf(each)) ?? []);
  return workloads.map((workload) => {
    const services = workload.services.flatMap((key) => cluster?.services.get(key) ?? []);
    return { situation, target, workload, services };
  });
}

export function distinct(lanes: readonly Lane[]): readonly Lane[] {
  return [...groupBy(lanes, (lane) => JSON.stringify(lane)).values()].flatMap((same) => same.slice(0, 1));
}

/** One workload of a target, and what fronts it. */
export interface Place {
  readonly situation: Situation;
  readonly target: MeantTarget;
  readonly workload: Workload;
  readonly services: readonly Service[];
}

function allLanes(place: Place, check: ResolvedGuardrail): readonly Lane[] {
  const { addressing = ['service', 'podIP'], includesProxyPorts } = check;
  const payloads = isAboutRequests(place.target) ? (['http'] as const) : (['http', 'tcp'] as const);
  const ports = meantPorts(place, includesProxyPorts);
  const exposed = [...exposedPorts(place), ...ledPorts(place)].filter(({ podPort }) => ports.includes(podPort));
  const destinations = [
    ...(addressing.includes('service') ? exposed.map((port) => serviceDestination(place, port)) : []),
    ...(addressing.includes('podIP') ? ports.map((port) => podDestination(place, port)) : []),
  ];
  return [
    ...destinations.flatMap((destination) => payloads.map((payload) => ({ destination, payload }))),
    ...(meansGateways(check) ? gatewayLanes(place, ports) : []),
  ];
}

/**
 * Whether requests through gateways are meant. A gateway that may call is judged as a caller; who calls from outside by one
 * counts where a check names who does, or says so.
 */
function meansGateways({ addressing, modality, callers }: ResolvedGuardrail): boolean {
  if (addressing !== undefined) return addressing.includes('gateway');
  if (modality === 'never') return callers.some(isFromOutside);
  return modality === 'always' && callers.every(({ kind }) => kind === 'fromOutside');
}

/** Through the listeners of gateways whose routes may lead to some ports of the pods. */
export function gatewayLanes({ situation, workload }: Place, ports: readonly number[]): readonly Lane[] {
  const at = situation.mesh.clusters.get(workload.cluster);
  const led = at === undefined ? [] : (ledByGateways(at).get(keyOf(workload)) ?? []);
  return led.filter(({ podPort }) => ports.includes(podPort)).map(({ lane }) => lane);
}

/** The ports that a sidecar serves itself come last: a witness shows them where nothing else is wrong. */
function meantPorts(place: Place, includesProxyPorts: boolean): readonly number[] {
  const ports = podPorts(place);
  if (place.target.ports !== undefined) return ports;
  const ofProxy = proxyPorts(place.workload);
  const ofApplication = ports.filter((port) => !ofProxy.includes(port));
  return [...ofApplication, ...furtherPorts(place), ...(includesProxyPorts ? ofProxy : [])];
}

/** Callers send what the port is declared to carry; from outside they come through gateways. */
function usedLanes(place: Place, check: ResolvedGuardrail): readonly Lane[] {
  const { destination } = place.target;
  const { addressing } = check;
  const ports = podPorts(place);
  const own = exposedPorts(place).filter(
    ({ service, podPort }) => service.name === destination.service?.name && ports.includes(podPort),
  );
  const byGateway = meansGateways(check) ? gatewayLanes(place, ports) : [];
  const isOpen = addressing === undefined && byGateway.length === 0;
  const byService = addressing?.includes('service') ?? (isOpen && own.length > 0);
  const byAddress = addressing?.includes('podIP') ?? (isOpen && own.length === 0);
  return [
    ...(byService ? own.flatMap((each) => carried(place, each.port.layer, serviceDestination(place, each))) : []),
    ...(byAddress ? ports.flatMap((port) => carried(place, layerOf(place, port), podDestination(place, port))) : []),
    ...byGateway,
  ];
}

function carried({ target }: Place, layer: ServicePort['layer'], destination: Destination): readonly Lane[] {
  if (layer === 'detected' && !isAboutRequests(target)) {
    return [
      { destination, payload: 'http' },
      { destination, payload: 'tcp' },
    ];
  }
  return [{ destination, payload: layer === 'tcp' ? 'tcp' : 'http' }];
}

function layerOf(place: Place, podPort: number): ServicePort['layer'] {
  return exposedPorts(place).find((each) => each.podPort === podPort)?.port.layer ?? 'detected';
}

function isAboutRequests({ conditions, withoutToken }: MeantTarget): boolean {
  return withoutToken || conditions.length > 0;
}

interface Exposed {
  readonly service: Service;
  readonly port: ServicePort;
  readonly podPort: number;
}

export function exposedPorts({ workload, services }: Place): readonly Exposed[] {
  return services.flatMap((service) =>
    service.ports.flatMap((port) => {
      const podPort = port.transport === 'TCP' ? targetPortOf(port, workload) : undefined;
      return podPort === undefined ? [] : [{ service, port, podPort }];
    }),
  );
}

/** Ports of other Services whose routes may lead to the pods. */
export function ledPorts({ situation, workload }: Place): readonly Exposed[] {
  const at = situation.mesh.clusters.get(workload.cluster);
  return at === undefined ? [] : (ledFrom(at).get(keyOf(workload)) ?? []);
}

/** The ports of the pod that are meant: the named ones, or all that anybody declares. */
export function podPorts(place: Place): readonly number[] {
  const { target, workload } = place;
  if (target.ports === undefined) {
    const declared = workload.ports.filter(({ transport }) => transport === 'TCP').map(({ number }) => number);
    const excepted = numbersOf(place, target.exceptPorts);
    const all = [...declared, ...exposedPorts(place).map(({ podPort }) => podPort)];
    return sortedNumbers(all.filter((port) => !excepted.includes(port)));
  }
  return sortedNumbers(numbersOf(place, target.ports));
}

function numbersOf({ target, workload }: Place, ports: readonly DestinationPort[]): readonly number[] {
  return ports.flatMap((port) => podPortsOf(port, target.destination.service, workload));
}

/**
 * A process may listen on ports that no manifest declares: those that policies name or that its sidecar treats otherwise,
 * and one that stands for all others. Only their numbers tell ports apart, so nothing is missed.
 */
function furtherPorts(place: Place): readonly number[] {
  const known = [...podPorts(place), ...numbersOf(place, place.target.exceptPorts), ...proxyPorts(place.workload)];
  const isFree = (port: number) => !known.includes(port);
  const at = (port: number): Lane => ({ destination: podDestination(place, port), payload: 'http' });
  const { mesh, planOf } = place.situation;
  const compared = constantsOf(mesh, planOf(at(anyPort))).get('destination.port') ?? [];
  const cluster = mesh.clusters.get(place.workload.cluster);
  const named = [
    ...compared.flatMap((matcher) => (matcher.kind === 'exact' ? [Number(matcher.value)] : [])),
    ...(cluster === undefined ? [] : distinctPorts(cluster, place.workload)),
  ];
  const other = Array.from({ length: named.length + known.length + 1 }, (_, index) => anyPort - index);
  const unnamed = other.find((port) => isFree(port) && !named.includes(port));
  return sortedNumbers([...named.filter(isFree), ...(unnamed === undefined ? [] : [unnamed])]);
}

const anyPort = 65535;

export function serviceDestination({ workload }: Place, { service, port }: Exposed): Destination {
  return {
    kind: 'service',
    cluster: workload.cluster,
    service: keyOf(service),
    port: port.number,
    workload: keyOf(workload),
  };
}

function podDestination({ workload }: Place, port: number): Destination {
  return { kind: 'pod', cluster: workload.cluster, workload: keyOf(workload), port };
}
