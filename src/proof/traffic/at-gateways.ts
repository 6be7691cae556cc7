import type { CallerKind } from '../../algebra/callers.js';
import { mergeConstants } from '../../algebra/constants.js';
import type { Lane } from '../../algebra/lane.js';
import { nobody } from '../../algebra/mentions.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { type Caller, callerOf } from '../../mesh/paths/caller.js';
import { listenerLegs, unanswered } from '../../mesh/paths/gateway/gateway-legs.js';
import type { Leg } from '../../mesh/paths/legs.js';
import type { Way } from '../../mesh/paths/ways.js';
import type { TextMatcher } from '../../mesh/policies/matcher.js';
import { allNaming, asSent, type RoutedRequest } from '../../mesh/routes/follow/matching.js';
import type { GatewayObject, ResolvedGatewayTraffic } from '../../resolve/resolved-traffic.js';
import { nameServed } from '../../topology/listeners/admitted.js';
import { type Gateway, keyOf, type Listener } from '../../topology/model.js';
import type { Asked, VersionsByService } from './asked.js';
import type { CallerContext } from './callers.js';
import type { Entrance } from './entrance.js';

/** Each listener that takes requests for a host, at each proxy that serves the Gateway. */
export function gatewayEntrances(
  context: CallerContext,
  traffic: ResolvedGatewayTraffic,
  versions: VersionsByService,
): readonly Entrance[] {
  const { origin, routes, gateways, hosts } = traffic;
  return gateways.flatMap((object) => {
    const at = context.mesh.clusters.get(object.cluster);
    if (at === undefined) return [];
    const asked = { origin, routes, versions, at, name: keyOf(object), service: undefined };
    return hosts.flatMap(({ value: host }) =>
      servingListeners(at, object, host).flatMap(({ gateway, listener, names }) =>
        names.flatMap((name) =>
          entranceOf(
            context,
            { ...asked, host, port: { number: listener.port } },
            { gateway, listener, host: exampleOf(name) },
          ),
        ),
      ),
    );
  });
}

/** A name that a host with a wildcard means. */
function exampleOf(host: string): string {
  return host.replace(/^\*/, 'any');
}

interface Served {
  readonly gateway: Gateway;
  readonly listener: Listener;
  readonly host: string;
}

/** The listeners that are for a host, each with the names that settings for it are about there. */
function servingListeners(at: MeshCluster, object: GatewayObject, host: string) {
  return listenersOf(at, object, readsRequests).flatMap((found) => {
    const names = found.listener.hosts.flatMap((each) => nameServed(each.host, host) ?? []);
    return names.length === 0 ? [] : [{ ...found, names: [...new Set(names)] }];
  });
}

/** Whether a listener is there and reads the requests that come to it. */
export function readsRequests({ reads, standing }: Listener): boolean {
  return reads === 'requests' && standing.kind !== 'left-out';
}

/** The listeners of a Gateway that are meant, at each proxy that serves it. */
export function listenersOf(
  { cluster }: MeshCluster,
  object: GatewayObject,
  isMeant: (listener: Listener) => boolean,
): ReadonlyArray<{ readonly gateway: Gateway; readonly listener: Listener }> {
  const isOf = ({ object: { kind, namespace = 'default', name, apiVersion } }: Listener) =>
    kind === 'Gateway' &&
    keyOf(object) === `${namespace}/${name}` &&
    (object.api === 'istio') === apiVersion.startsWith('networking.istio.io/');
  return [...cluster.gateways.values()].flatMap((gateway) =>
    gateway.listeners
      .filter((listener) => isOf(listener) && isMeant(listener))
      .map((listener) => ({ gateway, listener })),
  );
}

/** How requests for one host come to a listener. */
export function entranceOf(
  { mesh, pool }: CallerContext,
  asked: Asked,
  { gateway, listener, host }: Served,
): readonly Entrance[] {
  const { at } = asked;
  const cluster = at.cluster.name;
  const sender = { kind: 'gateway', cluster, gateway: keyOf(gateway) } as const;
  const caller = callerOf(mesh, sender);
  const all = pool.callers(cluster, nobody);
  const [kind] = all.kinds;
  if (kind === undefined || caller.kind !== 'caller') return [];
  const lane: Lane = { destination: { ...sender, port: listener.port }, payload: 'http' };
  const normalization = at.cluster.settings.istio.pathNormalization;
  const ways = (sent: RoutedRequest) =>
    (listenerLegs(at, caller, gateway, listener, sent) ?? [unanswered]).map((leg) => wayOf(caller, leg));
  const named: TextMatcher = { kind: 'exact', value: host, ignoreCase: true };
  return [
    {
      asked,
      lane,
      all,
      kind: fromOutside(all.kinds) ?? kind,
      sender,
      ways: ways(allNaming(host, normalization)),
      waysOf: (request) => ways(asSent(request, normalization)),
      host,
      withHosts: (constants) =>
        constants.has('request.host') ? mergeConstants([constants, new Map([['request.host', [named]]])]) : constants,
      isMeant: (each) => each === host,
      isUsed: () => true,
    },
  ];
}

/** Whoever is not in the mesh, for whom gateways are. */
export function fromOutside(kinds: readonly CallerKind[]): CallerKind | undefined {
  return kinds.find(({ representative: { source } }) => source.kind === 'outside');
}

/** What stands behind the gateway is not its to say. */
function wayOf(caller: Caller, client: Leg): Way {
  return {
    share: client.share,
    caller,
    addressed: undefined,
    client,
    behind: undefined,
    end: client.to,
    copy: client.copy,
  };
}
