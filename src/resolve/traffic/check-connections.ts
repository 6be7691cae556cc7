import { diagnostic } from '../../diagnostics/create.js';
import type { RequestMatch, TrafficRoute } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import type { Destination } from '../resolved.js';
import { portNamed } from './route-ports.js';

/** Reports what a route for TCP ports alone asks of requests: there are only connections. */
export function checkConnections(
  context: ResolveContext,
  routes: readonly TrafficRoute[],
  destinations: readonly Destination[],
): void {
  const isTcp = ({ port }: RequestMatch) =>
    port !== undefined && destinations.some(({ service }) => portNamed(service, port.value)?.layer === 'tcp');
  for (const route of routes) {
    const [match] = route.match;
    if (match?.port === undefined || !route.match.every(isTcp)) continue;
    const wish = wishOf(route);
    const parameters = { port: String(match.port.value), field: wish ?? '' };
    if (wish !== undefined) context.report(diagnostic('wish-on-tcp-port', parameters, route.name.span));
  }
}

/** What of a route only requests can be given, by the name of its field. */
export function wishOf(route: TrafficRoute): string | undefined {
  const ofRoute = ['redirect', 'respond', 'rewrite', 'headers', 'timeout', 'retries', 'faults', 'cors'] as const;
  const ofMatch = ['paths', 'methods', 'headers', 'query', 'grpc', 'except'] as const;
  const matched = ofMatch.find((field) => route.match.some((match) => match[field].length > 0));
  return (
    ofRoute.find((field) => route[field] !== undefined) ?? (route.mirror.length > 0 ? 'mirror' : undefined) ?? matched
  );
}
