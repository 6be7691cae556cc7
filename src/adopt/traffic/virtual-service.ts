import { asObject, asTexts } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { anyHost } from '../../topology/listeners/admitted.js';
import { objectsIn } from '../objects-in.js';
import type { Reason } from '../reason.js';
import { liftConnections } from './connections.js';
import { fullGateway } from './delegates.js';
import { listenersAt } from './gateway.js';
import { lifted, portsFor, type Refuse, type TrafficNames } from './lifting.js';
import { allParts, type Part, type PartsOf, readersOf, routesPart, type ScopeOfTraffic } from './parts.js';
import { liftRoute } from './routes.js';
import { ownName } from './targets.js';

/** What a VirtualService says: for each of its gateways, and for each of its hosts where the mesh is among them. */
export const partsOfVirtualService: PartsOf = (object, names) => {
  const { namespace = 'default' } = object;
  const spec = asObject(object.value.spec) ?? {};
  const places = asTexts(spec.gateways).length === 0 ? ['mesh'] : asTexts(spec.gateways);
  const readers = readersOf(asTexts(spec.exportTo), namespace);
  const parts = places.flatMap((place): ReadonlyArray<Part | Reason> => {
    const rules = rulesAt(spec, fullGateway(place, namespace), namespace);
    if (place !== 'mesh') return [atGateway(object, rules, names, fullGateway(place, namespace))];
    return asTexts(spec.hosts).map((host) => forHost(object, rules, names, host, readers));
  });
  return parts.length === 0
    ? { because: 'without `hosts` it is a part that others delegate to, and none does' }
    : allParts(parts);
};

/** The rules that count at a gateway, or for the mesh: those with a match that names it, or none. */
function rulesAt(spec: JsonObject, place: string, namespace: string): JsonObject {
  const kept = (list: JsonValue | undefined): readonly JsonObject[] =>
    objectsIn(list).flatMap((rule): readonly JsonObject[] => {
      if (rule.match === undefined) return [rule];
      const here = objectsIn(rule.match).filter(
        ({ gateways }) =>
          asTexts(gateways).length === 0 || asTexts(gateways).some((name) => fullGateway(name, namespace) === place),
      );
      return here.length === 0 ? [] : [{ ...rule, match: here.map(({ gateways, ...match }): JsonObject => match) }];
    });
  return { http: [...kept(spec.http)], tcp: [...kept(spec.tcp)], tls: [...kept(spec.tls)], hosts: spec.hosts ?? [] };
}

function atGateway(object: ManifestObject, rules: JsonObject, names: TrafficNames, gateway: string): Part | Reason {
  const listeners = listenersAt(gateway, names);
  if ('because' in listeners) return listeners;
  const hosts = asTexts(rules.hosts);
  if (hosts.includes(anyHost) && hosts.length > 1) return { because: 'it is for any host, and for some beside it' };
  const routes = lifted((refuse) => [
    ...objectsIn(rules.http).map((rule) => liftRoute(rule, '', names, refuse)),
    ...objectsIn(rules.tls).map((rule) => liftConnections(rule, '', names, refuse)),
    ...objectsIn(rules.tcp).map((rule) =>
      withPorts(
        rule,
        listeners.map(({ port }) => port),
        '',
        names,
        refuse,
      ),
    ),
  ]);
  if ('because' in routes) return routes;
  const [namespace = '', name = ''] = gateway.split('/');
  const isOfRequests = objectsIn(rules.http).length > 0;
  const scope: ScopeOfTraffic = { kind: 'gateway', namespace, name, hosts: isOfRequests ? hosts : [] };
  return routesPart(object, scope, { order: 'as-written', routes, ports: portsFor(listeners, hosts) }, names);
}

function forHost(
  object: ManifestObject,
  rules: JsonObject,
  names: TrafficNames,
  host: string,
  readers: readonly string[] | undefined,
): Part | Reason {
  const { namespace = 'default' } = object;
  const service = names.service(host);
  const isHost = service === undefined && names.homeOf(host) === namespace;
  if (!isHost && service?.startsWith(`${namespace}/`) !== true)
    return { because: 'it is for no Service and no host of its own namespace' };
  const routes = lifted((refuse) => routesOf(rules, service ?? host, names, refuse));
  if ('because' in routes) return routes;
  const scope: ScopeOfTraffic =
    service === undefined
      ? { kind: 'host', namespace, name: host }
      : { kind: 'service', namespace, name: service.slice(namespace.length + 1) };
  const ports = names.portsOf(service ?? host).requests;
  return routesPart(object, scope, { order: 'as-written', routes, ports }, names, readers);
}

/** The routes of a Service, as `namespace/name`, or of a host. A last route without a match is for connections too. */
function routesOf(
  { http, tcp, tls }: JsonObject,
  own: string,
  names: TrafficNames,
  refuse: Refuse,
): readonly JsonObject[] {
  const { requests, bytes } = names.portsOf(own);
  const ofBytes = [
    ...objectsIn(tls).map((rule) => liftConnections(rule, own, names, refuse)),
    ...objectsIn(tcp).map((rule) => withPorts(rule, bytes, own, names, refuse)),
  ];
  const ofRequests = objectsIn(http).map((rule) => liftRoute(rule, own, names, refuse));
  const covered = ofBytes.flatMap(({ match }) => objectsIn(match).map(({ port }) => port));
  const rest = bytes.filter((port) => !covered.includes(port));
  const isForAll = ofRequests.some(
    ({ match, to }) =>
      match === undefined &&
      objectsIn(to).some(({ version, ...place }) => version !== undefined || !isItself(place, own)),
  );
  return [
    ...ofBytes.map((route) => withoutPorts(route, [...requests, ...bytes])),
    ...(rest.length > 0 && isForAll ? [{ match: rest.map((port) => ({ port })), to: [ownName(own)] }] : []),
    ...(ofRequests.length === 0 && requests.length > 0 && ofBytes.length > 0 ? [{ to: [ownName(own)] }] : ofRequests),
  ];
}

function isItself({ service, host }: JsonObject, own: string): boolean {
  const name = ownName(own);
  return name.service === service && name.host === host;
}

/** A match by nothing but ports is none where these are all. */
function withoutPorts({ match, ...route }: JsonObject, all: readonly JsonValue[]): JsonObject {
  const matches = objectsIn(match);
  const isByPort = matches.every((each) => Object.keys(each).every((field) => field === 'port'));
  const isAll = all.every((port) => matches.some((each) => each.port === port));
  return isByPort && isAll ? route : { ...(match !== undefined && { match }), ...route };
}

/** A rule without a port is for all of them. */
function withPorts(
  rule: JsonObject,
  ports: readonly JsonValue[],
  own: string,
  names: TrafficNames,
  refuse: Refuse,
): JsonObject {
  const route = liftConnections(rule, own, names, refuse);
  return route.match === undefined ? { match: ports.map((port) => ({ port })), ...route } : route;
}
