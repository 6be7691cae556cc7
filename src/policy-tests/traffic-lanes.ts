import type { Lane } from '../algebra/lane.js';
import type { MeantTarget, ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { distinct, exposedPorts, gatewayLanes, ledPorts, placesOf, podPorts, serviceDestination } from './lanes.js';
import type { Situation } from './situation.js';

/** Where routes and proxies may stand on the way: at each Service, also of others whose routes lead there, and at gateways. */
export function trafficLanesTo(situation: Situation, check: ResolvedGuardrail, target: MeantTarget): readonly Lane[] {
  const lanes = placesOf(situation, check, target).flatMap((place) => {
    const ports = podPorts(place);
    const exposed = [...exposedPorts(place), ...ledPorts(place)].filter(
      ({ port, podPort }) => port.layer !== 'tcp' && ports.includes(podPort),
    );
    const byService = exposed.map((port): Lane => ({ destination: serviceDestination(place, port), payload: 'http' }));
    const ofRequests = exposed.map(({ podPort }) => podPort);
    return [...byService, ...gatewayLanes(place, ofRequests).filter(({ payload }) => payload === 'http')];
  });
  return distinct(lanes);
}
