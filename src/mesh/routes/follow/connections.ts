import type { ServicePort } from '../../../topology/model.js';
import type { ConnectionMatch, ConnectionRule, Route, WeightedDestination } from '../route.js';
import { isFor, namesOf, type RoutingProxy } from '../table.js';

/**
 * Where connections to a host go: on to it as if there were no rule, to the destinations of one, or, where there are rules for
 * other server names alone, nowhere that a rule says.
 */
export type ConnectionOutcome =
  | { readonly kind: 'as addressed' }
  | { readonly kind: 'forward'; readonly rule: ConnectionRule }
  | { readonly kind: 'unmatched' }
  | { readonly kind: 'not-modelled'; readonly because: string };

/** A connection to a host, as the proxy that routes it sees it. */
export interface SeenConnection {
  readonly host: string;
  /** Whether the port is declared to carry TLS: then rules by server name count, and elsewhere those by port. */
  readonly readsNames: boolean;
  /** The name for which it asks; `undefined` where that is not known. */
  readonly serverName: string | undefined;
}

/** Of a port that is declared HTTPS or TLS proxies read server names (F-30). */
export function readsNames({ protocol }: Pick<ServicePort, 'protocol'>): boolean {
  return protocol === 'https' || protocol === 'tls';
}

/** What a sidecar does with a connection, by each order in which routes may count; where they do not agree it is not known. */
export function followConnection(
  orders: ReadonlyArray<readonly Route[]>,
  proxy: RoutingProxy,
  seen: SeenConnection,
): ConnectionOutcome {
  return agreed(orders, (routes) =>
    seen.readsNames ? followName(rulesOf(routes, 'tls'), proxy, seen) : followPort(rulesOf(routes, 'tcp'), proxy, seen),
  );
}

/** Likewise of a waypoint, which reads no server names: a rule for the name of the Service alone counts, and one for any other does not (T-51). */
export function followWithoutNames(
  orders: ReadonlyArray<readonly Route[]>,
  proxy: RoutingProxy,
  host: string,
): ConnectionOutcome {
  const counts = ({ matches }: ConnectionRule, isForHost: (names: readonly string[]) => boolean) =>
    matches.length === 0 || matches.some((match) => isFor(match.proxy, proxy) && isForHost(match.serverNames));
  return agreed(orders, (routes) => {
    const rule =
      rulesOf(routes, 'tls').find((each) => counts(each, (names) => names.length === 1 && names[0] === host)) ??
      rulesOf(routes, 'tcp').find((each) => counts(each, () => true));
    return rule === undefined ? asAddressed : forwarded(rule, host, proxy.port);
  });
}

const asAddressed: ConnectionOutcome = { kind: 'as addressed' };

function rulesOf(routes: readonly Route[], kind: 'tls' | 'tcp'): readonly ConnectionRule[] {
  return routes.flatMap((route) => route[kind]);
}

function agreed(
  orders: ReadonlyArray<readonly Route[]>,
  follow: (routes: readonly Route[]) => ConnectionOutcome,
): ConnectionOutcome {
  const [first = asAddressed, ...others] = orders.map(follow);
  if (others.every((other) => JSON.stringify(leadsTo(other)) === JSON.stringify(leadsTo(first)))) return first;
  return { kind: 'not-modelled', because: `which of ${namesOf(orders[0] ?? [])} is the oldest (I-01b)` };
}

function leadsTo(outcome: ConnectionOutcome): unknown {
  return outcome.kind === 'forward' ? outcome.rule.destinations : outcome;
}

/** The first rule by port that is for a proxy. */
function followPort(
  rules: readonly ConnectionRule[],
  proxy: RoutingProxy,
  { host }: SeenConnection,
): ConnectionOutcome {
  for (const rule of rules) {
    const matches = rule.matches.filter((match) => isFor(match.proxy, proxy));
    if (rule.matches.length > 0 && matches.length === 0) continue;
    const outcome = forwarded(rule, host, proxy.port);
    const doubt = matches.find((match) => match.doubt !== undefined)?.doubt;
    return doubt === undefined || outcome.kind === 'as addressed' ? outcome : { kind: 'not-modelled', because: doubt };
  }
  return asAddressed;
}

interface NamedRule {
  readonly match: ConnectionMatch;
  readonly rule: ConnectionRule;
}

/**
 * The rule with the closest server name, and of several with it the first. Where there are rules for a proxy, those of other
 * names are all that it has (F-30).
 */
function followName(
  rules: readonly ConnectionRule[],
  proxy: RoutingProxy,
  { host, serverName }: SeenConnection,
): ConnectionOutcome {
  const named = rules.flatMap((rule) =>
    rule.matches.filter((match) => isFor(match.proxy, proxy)).map((match): NamedRule => ({ match, rule })),
  );
  if (named.length === 0) return asAddressed;
  const outcomes = named.map(({ rule }) => forwarded(rule, host, proxy.port));
  if (outcomes.every(({ kind }) => kind === 'as addressed') && serverName === undefined) return asAddressed;
  const doubt = named.find(({ match }) => match.doubt !== undefined)?.match.doubt;
  if (doubt !== undefined) return { kind: 'not-modelled', because: doubt };
  if (serverName === undefined) {
    return { kind: 'not-modelled', because: 'the server name of a TLS handshake, by which a route chooses' };
  }
  const found = closestNamed(named, serverName);
  return found === undefined ? { kind: 'unmatched' } : forwarded(found.rule, host, proxy.port);
}

/** An exact name comes before wildcards, and of these the longest. */
export function closestNamed<T extends { readonly match: ConnectionMatch }>(
  rules: readonly T[],
  serverName: string,
): T | undefined {
  const closest = (rule: T) => Math.max(-1, ...rule.match.serverNames.map((name) => closeness(name, serverName)));
  const most = Math.max(-1, ...rules.map(closest));
  return most < 0 ? undefined : rules.find((rule) => closest(rule) === most);
}

function closeness(pattern: string, name: string): number {
  if (pattern === name) return Number.POSITIVE_INFINITY;
  return pattern.startsWith('*') && name.endsWith(pattern.slice(1)) ? pattern.length : -1;
}

function forwarded(rule: ConnectionRule, host: string, port: number): ConnectionOutcome {
  const isThere = rule.destinations.every((destination) => isAsAddressed(destination, host, port));
  return isThere ? asAddressed : { kind: 'forward', rule };
}

function isAsAddressed(destination: WeightedDestination, host: string, port: number): boolean {
  return destination.host === host && destination.subset === undefined && (destination.port ?? port) === port;
}
