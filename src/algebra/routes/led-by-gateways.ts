import type { MeshCluster } from '../../mesh/mesh.js';
import { boundTogether } from '../../mesh/paths/gateway/bound-routes.js';
import { namesLedOn } from '../../mesh/paths/gateway/connection-legs.js';
import { matchesText, type TextMatcher, textMatcher } from '../../mesh/policies/matcher.js';
import type { Gateway, Listener } from '../../topology/model.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { type GatewayLane, lanesToGateway, namesApart, namesComparedAt } from '../gateway-lanes.js';
import type { Lane } from '../lane.js';
import { matcherKey } from '../matcher-key.js';
import type { End } from './led-from.js';
import { distinctEnds, endsOfRoute } from './route-ends.js';

/** A listener of a gateway whose routes may lead on to a port of some pods. */
export interface LedByGateway extends Pick<GatewayLane, 'listener'> {
  readonly gateway: Gateway;
  readonly podPort: number;
  /** The name of TLS by which the lane is chosen, where no request names one. */
  readonly name: string | undefined;
  /** To the listener, and on to the pods. */
  readonly lane: Lane;
}

/** By the key of the workload: the listeners at which requests may come in that routes lead on to its pods. */
export function ledByGateways(mesh: MeshCluster): ReadonlyMap<string, readonly LedByGateway[]> {
  return ledTellingApart(mesh)([]);
}

/** The same, of each kind of server names that policies of other states of the mesh tell apart as well. */
export const ledTellingApart = oncePerObject((mesh: MeshCluster) =>
  oncePer(
    (others: readonly TextMatcher[]): ReadonlyMap<string, readonly LedByGateway[]> => {
      const found = [...mesh.cluster.gateways.values()].flatMap((gateway) => ledFromGateway(mesh, gateway, others));
      return new Map(
        [...groupBy(found, ({ workload }) => workload)].map(([key, all]) => [key, all.map(({ led }) => led)]),
      );
    },
    (others) => others.map(matcherKey).join(),
  ),
);

function ledFromGateway(mesh: MeshCluster, gateway: Gateway, others: readonly TextMatcher[]) {
  const compared = [...namesComparedAt(mesh, gateway), ...others];
  const byListener = groupBy(lanesToGateway(gateway, compared), ({ listener }) => listener);
  return [...byListener].flatMap(([listener, lanes]) =>
    namedLanes(mesh, gateway, listener, lanes, compared).flatMap(({ name, lane }) =>
      endsOfListener(mesh, gateway, listener).map(({ workload, podPort }) => ({
        workload,
        led: { gateway, listener, podPort, name, lane: onwardLane(lane, workload, podPort) },
      })),
    ),
  );
}

/** A listener that passes TLS through leads on by the server name: each for which it has rules is a way of its own. */
function namedLanes(
  mesh: MeshCluster,
  gateway: Gateway,
  listener: Listener,
  lanes: readonly GatewayLane[],
  compared: readonly TextMatcher[],
): ReadonlyArray<Pick<LedByGateway, 'name' | 'lane'>> {
  if (listener.tls !== 'PASSTHROUGH') return lanes.map(({ lane }) => ({ name: undefined, lane }));
  const rules = namesLedOn(mesh, gateway, listener);
  return lanes.slice(0, 1).flatMap(({ lane: { destination, payload } }) =>
    destination.kind !== 'gateway'
      ? []
      : namesOfRules(rules, compared).map(({ name, serverName }) => ({
          name,
          lane: { destination: { ...destination, serverName }, payload },
        })),
  );
}

/** Of each rule one name; where somebody compares names, one of each kind that is told apart. */
function namesOfRules(rules: readonly string[], compared: readonly TextMatcher[]) {
  if (compared.length === 0) return rules.map((name) => ({ name, serverName: name.replace(/^\*/, 'any') }));
  const patterns = rules.map((rule) => textMatcher(rule.toLowerCase()));
  return namesApart([...compared, ...patterns])
    .filter((name) => patterns.some((pattern) => matchesText(pattern, name)))
    .map((name) => ({ name, serverName: name }));
}

function onwardLane({ destination, payload }: Lane, workload: string, port: number): Lane {
  if (destination.kind !== 'gateway') return { destination, payload };
  return { destination: { ...destination, onward: { workload, port } }, payload };
}

function endsOfListener(mesh: MeshCluster, gateway: Gateway, listener: Listener): readonly End[] {
  const ends = boundTogether(mesh, gateway, listener).flatMap(({ routes }) =>
    routes.flatMap(({ route }) => endsOfRoute(mesh, route)),
  );
  return distinctEnds(ends);
}
