import { lanesToGateway } from '../algebra/gateway-lanes.js';
import type { Lane } from '../algebra/lane.js';
import type { Destination } from '../mesh/request.js';
import type { MeantTarget, ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { keyOf } from '../topology/model.js';
import { distinct, exposedPorts, ledPorts, type Place, placesOf, podPorts, serviceDestination } from './lanes.js';
import type { Situation } from './situation.js';

/** Where routes and proxies may stand on the way: at each Service, also of others whose routes lead there, and at gateways. */
export function trafficLanesTo(situation: Situation, check: ResolvedGuardrail, target: MeantTarget): readonly Lane[] {
  const lanes = placesOf(situation, check, target).flatMap((place) => {
    const ports = podPorts(place);
    const exposed = [...exposedPorts(place), ...ledPorts(place)].filter(
      ({ port, podPort }) => port.layer !== 'tcp' && ports.includes(podPort),
    );
    const byService = exposed.map((port) => serviceDestination(place, port));
    const byGateway = exposed.flatMap(({ podPort }) => gatewayDestinations(place, podPort));
    return [...byService, ...byGateway].map((destination): Lane => ({ destination, payload: 'http' }));
  });
  return distinct(lanes);
}

/** The listeners that read requests, and lead some to a port of the pods. */
function gatewayDestinations({ situation, workload }: Place, port: number): readonly Destination[] {
  const gateways = situation.mesh.clusters.get(workload.cluster)?.cluster.gateways.values() ?? [];
  return [...gateways].flatMap(lanesToGateway).flatMap(({ lane: { destination, payload } }) => {
    if (destination.kind !== 'gateway' || payload === 'tcp') return [];
    return [{ ...destination, onward: { workload: keyOf(workload), port } }];
  });
}
