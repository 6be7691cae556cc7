import type { MeshCluster } from '../mesh/mesh.js';
import { arrivalAt } from '../mesh/paths/gateway/arrival.js';
import { authorizationAt } from '../mesh/policies/attach.js';
import { conditionsOf } from '../mesh/policies/compiled.js';
import { matchesText, type TextMatcher, textMatcher } from '../mesh/policies/matcher.js';
import { type Gateway, type GatewayFront, keyOf, type Listener } from '../topology/model.js';
import { groupBy } from '../util/order.js';
import { isText } from './dimension.js';
import type { Lane } from './lane.js';
import { textAtoms } from './texts/text-atoms.js';

/** A way to one listener of a gateway. */
export interface GatewayLane {
  readonly lane: Lane;
  readonly listener: Listener;
  /** The port of a Service that leads there, if one does. */
  readonly front: GatewayFront | undefined;
}

/**
 * A way to each listener that istiod serves, by the port of a Service in front where there is one; where somebody compares
 * server names, one for each kind of names that can be told apart.
 */
export function lanesToGateway(gateway: Gateway, compared: readonly TextMatcher[] = []): readonly GatewayLane[] {
  const served = gateway.listeners.filter(({ standing }) => standing.kind !== 'left-out');
  const lanes = served.flatMap((listener) => {
    const front = gateway.fronts.find(({ podPort }) => podPort === listener.podPort);
    const port = front?.port ?? listener.podPort;
    return serverNamesOf(gateway, listener, port, compared).map((serverName): GatewayLane => {
      const destination = {
        kind: 'gateway',
        cluster: gateway.cluster,
        gateway: keyOf(gateway),
        port,
        ...(serverName !== undefined && { serverName }),
      } as const;
      return { lane: { destination, payload: listener.reads === 'requests' ? 'http' : 'tcp' }, listener, front };
    });
  });
  // Of listeners for the same names istiod takes the first.
  return [...groupBy(lanes, ({ lane }) => JSON.stringify(lane)).values()].flatMap(([first]) => first ?? []);
}

/** What policies at a gateway compare server names with. */
export function namesComparedAt(at: MeshCluster, gateway: Gateway): readonly TextMatcher[] {
  return authorizationAt({ kind: 'gateway', gateway }, at)
    .flatMap(({ http }) => conditionsOf(http))
    .filter(({ attribute }) => attribute === 'connection.sni')
    .flatMap(({ anyOf, noneOf }) => [...anyOf, ...noneOf].filter(isText));
}

/** The same of every gateway. */
export function namesComparedIn(at: MeshCluster): readonly TextMatcher[] {
  return [...at.cluster.gateways.values()].flatMap((gateway) => namesComparedAt(at, gateway));
}

/** One name of every kind that some patterns of names tell apart. */
export function namesApart(patterns: readonly TextMatcher[]): readonly string[] {
  return textAtoms(patterns, 'host').map(({ text }) => {
    // No name begins with a dot.
    const name = `any${text}`;
    return text.startsWith('.') && kindOf(name, patterns) === kindOf(text, patterns) ? name : text;
  });
}

/** Names under which TLS reaches the listener; whatever is plain is asked for none. */
function serverNamesOf(
  gateway: Gateway,
  listener: Listener,
  port: number,
  compared: readonly TextMatcher[],
): ReadonlyArray<string | undefined> {
  if (listener.tls === undefined) return [undefined];
  const usual = usualName(listener);
  if (compared.length === 0) return [usual];
  const rivals = gateway.listeners.filter(({ podPort, tls }) => podPort === listener.podPort && tls !== undefined);
  const served = rivals.flatMap(({ hosts }) => hosts.map(({ host }) => textMatcher(host.toLowerCase())));
  const reaching = namesApart([...compared, ...served]).filter((name) => {
    const arrival = arrivalAt(gateway, port, name);
    return arrival.kind === 'listener' && arrival.listener === listener;
  });
  const names = usual === undefined ? reaching : [usual, ...reaching];
  const kinds = new Map(names.toReversed().map((name) => [kindOf(name, compared), name]));
  return [...kinds.values()].toReversed();
}

/** Which of some patterns a name matches. */
function kindOf(name: string, patterns: readonly TextMatcher[]): string {
  return patterns.map((pattern) => matchesText(pattern, name)).join();
}

function usualName({ hosts }: Listener): string | undefined {
  const names = hosts.map(({ host }) => host);
  const exact = names.find((name) => !name.startsWith('*'));
  const [wildcard] = names;
  return exact ?? wildcard?.replace(/^\*/, 'any');
}
