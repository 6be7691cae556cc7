import type { Gateway, Listener } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { MeshCluster } from '../../mesh.js';
import { closestNamed } from '../../routes/follow/connections.js';
import { ordersOf } from '../../routes/owner/age.js';
import type { BoundRoute } from '../../routes/owner/at-gateway.js';
import { inClasses } from '../../routes/owner/visible.js';
import type { ConnectionMatch, ConnectionRule } from '../../routes/route.js';
import { namesOf } from '../../routes/table.js';
import type { Caller } from '../caller.js';
import type { Leg, LegEnd } from '../legs.js';
import { connectionLegs } from '../routed-legs.js';
import { isForListener, routesBoundTo } from './bound-routes.js';
import { routerAt } from './gateway-legs.js';

/**
 * What a gateway does with a connection that comes to a listener which reads no requests: the rules by server name count where
 * TLS is passed through, and those by port elsewhere (F-32). `undefined` where none leads anywhere.
 */
export function connectionLegsAt(
  mesh: MeshCluster,
  gateway: Gateway,
  listener: Listener,
  sender: Caller,
  serverName: string | undefined,
): readonly Leg[] | undefined {
  if (listener.tls === 'AUTO_PASSTHROUGH')
    return [stopped('to which service of the mesh AUTO_PASSTHROUGH leads (§2.10)')];
  const bound = routesBoundTo(mesh, gateway, listener);
  const orders = ordersOf(inClasses([...new Set(bound.map(({ route }) => route))], gateway.namespace));
  const follow = listener.tls === 'PASSTHROUGH' ? byName : byPort;
  const [first, ...others] = orders.map((routes) =>
    follow(
      bound.toSorted((left, right) => routes.indexOf(left.route) - routes.indexOf(right.route)),
      listener,
      serverName,
    ),
  );
  if (first === undefined || others.some((other) => other !== first)) {
    return [stopped(`which of ${namesOf(orders[0] ?? [])} is the oldest (T-93)`)];
  }
  if (first === 'none') return undefined;
  if (first === 'other names') return [refused(serverName)];
  if (first === 'open') return [stopped('the server name of a TLS handshake, by which a gateway chooses')];
  return connectionLegs(routerAt({ mesh, caller: sender, gateway, listener }), first);
}

/** The server names for which a listener that passes TLS through has rules, wildcards among them. */
export function namesLedOn(mesh: MeshCluster, gateway: Gateway, listener: Listener): readonly string[] {
  const rules = namedRules(routesBoundTo(mesh, gateway, listener), listener);
  return sortedUnique(rules.flatMap(({ match }) => match.serverNames));
}

type Choice = ConnectionRule | 'none' | 'other names' | 'open';

interface NamedRule {
  readonly rule: ConnectionRule;
  readonly match: ConnectionMatch;
}

/** Of a route of the Gateway API the names are those that the listener takes. */
function namedRules(bound: readonly BoundRoute[], listener: Listener): readonly NamedRule[] {
  return bound.flatMap(({ route, host, names }) =>
    route.tls.flatMap((rule) =>
      rule.matches
        .filter(({ proxy }) => isForListener(proxy, listener))
        .map((match) => ({ rule, match: host === undefined ? match : { ...match, serverNames: names } })),
    ),
  );
}

/** The rule with the closest server name. */
function byName(bound: readonly BoundRoute[], listener: Listener, serverName: string | undefined): Choice {
  const rules = namedRules(bound, listener);
  const [first] = rules;
  if (first === undefined) return 'none';
  if (serverName === undefined) return rules.every(({ rule }) => rule === first.rule) ? first.rule : 'open';
  return closestNamed(rules, serverName.toLowerCase())?.rule ?? 'other names';
}

function byPort(bound: readonly BoundRoute[], listener: Listener): Choice {
  const rules = bound.flatMap(({ route }) => route.tcp);
  const isFor = ({ matches }: ConnectionRule) =>
    matches.length === 0 || matches.some(({ proxy }) => isForListener(proxy, listener));
  return rules.find(isFor) ?? 'none';
}

function stopped(because: string): Leg {
  return leg({ kind: 'not-modelled', because });
}

function refused(serverName: string | undefined): Leg {
  return leg({ kind: 'no-path', because: `no route of the gateway is for the server name \`${serverName}\` (F-32)` });
}

function leg(to: LegEnd): Leg {
  return { share: 1, step: undefined, sent: undefined, applied: [], to };
}
