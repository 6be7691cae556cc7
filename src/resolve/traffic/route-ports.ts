import { diagnostic } from '../../diagnostics/create.js';
import type { Located } from '../../diagnostics/diagnostic.js';
import type { Service, ServicePort } from '../../topology/model.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { ResolveContext } from '../context.js';
import { destinationLabel } from '../destinations.js';
import type { Destination } from '../resolved.js';

/** The port of a Service that is called so, by name or number. */
export function portNamed(service: Service | undefined, port: string | number): ServicePort | undefined {
  return service?.ports.find(({ name, number }) => (typeof port === 'number' ? number === port : name === port));
}

/** Reports a port that a Service does not have, and one of UDP, by which no proxy leads anything. */
export function checkPort(
  context: ResolveContext,
  destination: Destination,
  { value, span }: Located<string | number>,
): void {
  const port = portNamed(destination.service, value);
  const label = destinationLabel(destination);
  if (port === undefined) {
    const names = (destination.service?.ports ?? []).map(({ name, number }) => name ?? String(number));
    const parameters = { port: String(value), destination: label };
    context.report(diagnostic('unknown-route-port', parameters, span, didYouMean(suggest(String(value), names))));
  } else if (port.transport !== 'TCP') {
    const parameters = { port: value, destination: label, transport: port.transport };
    context.report(diagnostic('udp-port', parameters, span, { help: 'name a port of TCP, or take it out' }));
  }
}
