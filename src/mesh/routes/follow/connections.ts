import type { ConnectionRule, Route, WeightedDestination } from '../route.js';
import { isFor, namesOf, type RoutingProxy } from '../table.js';

/** Where connections to a host go: on to it as if there were no rule, or to the destinations of one. */
export type ConnectionOutcome =
  | { readonly kind: 'as addressed' }
  | { readonly kind: 'forward'; readonly rule: ConnectionRule }
  | { readonly kind: 'not-modelled'; readonly because: string };

/** The same for each order in which routes may count; where they do not agree it is not known. */
export function followConnection(
  orders: ReadonlyArray<readonly Route[]>,
  proxy: RoutingProxy,
  host: string,
  readsNames = true,
): ConnectionOutcome {
  const [first = { kind: 'as addressed' }, ...others] = orders.map((routes) =>
    readsNames ? followInOrder(routes, proxy, host) : followWithoutNames(routes, proxy, host),
  );
  if (others.every((other) => JSON.stringify(leadsTo(other)) === JSON.stringify(leadsTo(first)))) return first;
  return { kind: 'not-modelled', because: `which of ${namesOf(orders[0] ?? [])} is the oldest (I-01b)` };
}

function leadsTo(outcome: ConnectionOutcome): unknown {
  return outcome.kind === 'forward' ? outcome.rule.destinations : outcome;
}

/**
 * The first rule that is for a proxy, over all routes, those for the server names of TLS before those for ports. Of a
 * connection no server name is known: a rule that asks for one leaves open where it goes, unless it goes where it was addressed.
 */
function followInOrder(routes: readonly Route[], proxy: RoutingProxy, host: string): ConnectionOutcome {
  const rules = [...routes.flatMap(({ tls }) => tls), ...routes.flatMap(({ tcp }) => tcp)];
  for (const rule of rules) {
    const matches = rule.matches.filter((match) => isFor(match.proxy, proxy));
    if (rule.matches.length > 0 && matches.length === 0) continue;
    if (rule.destinations.every((destination) => isAsAddressed(destination, host, proxy.port))) {
      return { kind: 'as addressed' };
    }
    const asked = matches.find(({ serverNames, doubt }) => serverNames.length > 0 || doubt !== undefined);
    if (asked === undefined) return { kind: 'forward', rule };
    const because = asked.doubt ?? 'the server name of a TLS handshake, by which a route chooses';
    return { kind: 'not-modelled', because };
  }
  return { kind: 'as addressed' };
}

/** A waypoint reads no server names: a rule for the name of the Service alone counts, and one for any other does not (T-51). */
function followWithoutNames(routes: readonly Route[], proxy: RoutingProxy, host: string): ConnectionOutcome {
  const counts = ({ matches }: ConnectionRule, isForHost: (names: readonly string[]) => boolean) =>
    matches.length === 0 || matches.some((match) => isFor(match.proxy, proxy) && isForHost(match.serverNames));
  const byName = routes.flatMap(({ tls }) => tls);
  const rule =
    byName.find((each) => counts(each, (names) => names.length === 1 && names[0] === host)) ??
    routes.flatMap(({ tcp }) => tcp).find((each) => counts(each, () => true));
  if (rule === undefined || rule.destinations.every((each) => isAsAddressed(each, host, proxy.port))) {
    return { kind: 'as addressed' };
  }
  return { kind: 'forward', rule };
}

function isAsAddressed(destination: WeightedDestination, host: string, port: number): boolean {
  return destination.host === host && destination.subset === undefined && (destination.port ?? port) === port;
}
