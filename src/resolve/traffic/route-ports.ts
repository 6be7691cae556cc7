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

/** Reports a port that a Service does not have. */
export function checkPort(
  context: ResolveContext,
  destination: Destination,
  { value, span }: Located<string | number>,
): void {
  if (portNamed(destination.service, value) !== undefined) return;
  const names = (destination.service?.ports ?? []).map(({ name, number }) => name ?? String(number));
  const parameters = { port: String(value), destination: destinationLabel(destination) };
  context.report(diagnostic('unknown-route-port', parameters, span, didYouMean(suggest(String(value), names))));
}
