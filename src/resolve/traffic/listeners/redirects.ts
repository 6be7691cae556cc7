import { diagnostic } from '../../../diagnostics/create.js';
import type { WantedListener } from '../../../parse/traffic/listeners.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { nameServed } from '../../../topology/listeners/admitted.js';
import { keyOf } from '../../../topology/model.js';
import type { ResolveContext } from '../../context.js';
import type { PlannedGateway } from '../../planned-gateway.js';
import type { ResolvedRoute } from '../../resolved-traffic.js';
import { plainRoute } from '../plain-route.js';

/**
 * Gateway API redirects by routes alone, so that each host has one before its own: on the ports whose listeners tell clients
 * to ask by HTTPS.
 */
export function redirectsTo({ planned }: ResolveContext, { scope, hosts }: TrafficSettings): readonly ResolvedRoute[] {
  const gateway = planned.find((each) => keyOf(each) === scope.reference);
  const redirecting = (gateway?.listeners ?? []).filter(({ redirect }) => redirect !== undefined);
  return redirecting
    .filter((listener) => hosts.some(({ value }) => admits(listener, value)))
    .flatMap((listener) => (gateway === undefined ? [] : [redirectFrom(listener, gateway)]));
}

/** Reports routes for nothing but a port on which everybody is told to ask elsewhere. */
export function checkRedirected(
  context: ResolveContext,
  { routes }: TrafficSettings,
  redirects: readonly ResolvedRoute[],
): void {
  const ports = new Map(redirects.flatMap(({ matches, origin }) => matches.map(({ port }) => [port, origin] as const)));
  for (const { name, match } of routes) {
    const [first] = match;
    const origin = ports.get(first?.port?.value);
    if (origin === undefined || !match.every(({ port }) => ports.has(port?.value))) continue;
    const notes = [{ message: 'this listener redirects every request', span: origin.span }];
    context.report(diagnostic('unreachable-route', { route: name.value }, name.span, { notes }));
  }
}

function admits({ hosts }: WantedListener, host: string): boolean {
  return hosts.length === 0 || hosts.some(({ value }) => nameServed(value, host) !== undefined);
}

function redirectFrom({ name, port, span }: WantedListener, { origin, listeners }: PlannedGateway): ResolvedRoute {
  const own = { ...origin, id: `${origin.id}/${name.value}`, span: name.span };
  const asked = listeners.find(({ protocol }) => protocol === 'HTTPS')?.port;
  const nothing = {
    serverNames: [],
    hosts: [],
    paths: [],
    methods: [],
    headers: [],
    query: [],
    except: [],
    ignoreCase: false,
  };
  return {
    ...plainRoute(own),
    matches: [{ ...nothing, port, span }],
    action: {
      kind: 'redirect',
      redirect: {
        scheme: 'https',
        host: undefined,
        port: asked === 443 ? undefined : asked,
        path: undefined,
        status: 301,
        span,
      },
    },
  };
}
