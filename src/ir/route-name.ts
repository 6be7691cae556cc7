import type { PlacedRoute } from './placed-traffic.js';

/** What the route of Gateway API for one port of a Service is called: like the Service, with the port where there are several. */
export function nameForPort(
  { destination: { name, service }, connections }: Pick<PlacedRoute, 'destination' | 'connections'>,
  port: number,
): string {
  const requests = (service?.ports ?? []).filter(({ layer }) => layer !== 'tcp');
  return requests.length + connections.length > 1 ? `${name}-${port}` : name;
}
