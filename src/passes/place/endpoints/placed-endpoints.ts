import type { PlacedEndpoints, PortSettings } from '../../../ir/placed-traffic.js';
import type { EndpointSettings } from '../../../parse/traffic/endpoints.js';
import type { ResolvedEndpoints } from '../../../resolve/resolved-traffic.js';
import { portNamed } from '../../../resolve/traffic/route-ports.js';
import type { Service, ServicePort } from '../../../topology/model.js';
import { sortBy } from '../../../util/order.js';

/** Settings for the ports of a Service, as far as a DestinationRule says them; `undefined` where none is left. */
export function placedEndpoints(service: Service, { whole, ports }: ResolvedEndpoints): PlacedEndpoints | undefined {
  const ofAll = ofRule(whole);
  const ofPorts = ports.flatMap(({ port, settings }) => {
    const found = portNamed(service, port.value);
    return found ? [{ port: found.number, settings: ofRule(settings), carries: carriedBy([found]) }] : [];
  });
  if (Object.keys(ofAll).length === 0 && ofPorts.length === 0) return undefined;
  return {
    whole: { settings: ofAll, carries: carriedBy(service.ports) },
    ports: sortBy(ofPorts, ({ port }) => port),
  };
}

/** That near pods are preferred is the Service's to say. */
function ofRule({ locality, ...settings }: EndpointSettings): EndpointSettings {
  return locality === undefined || locality.kind === 'prefer' ? settings : { ...settings, locality };
}

function carriedBy(ports: readonly ServicePort[]): PortSettings['carries'] {
  return {
    requests: ports.some(({ layer }) => layer !== 'tcp'),
    bytes: ports.some(({ layer }) => layer !== 'http'),
  };
}
