import { asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { anyHost } from '../../topology/listeners/admitted.js';
import { objectsIn } from '../objects-in.js';
import type { Reason } from '../reason.js';
import { listenersAt } from './gateway.js';
import { liftForward, liftRule } from './gateway-api.js';
import { lifted, portsFor, type Refuse, type TrafficNames } from './lifting.js';
import { allParts, type Part, type PartsOf, routesPart, type ScopeOfTraffic } from './parts.js';

/** What a route of Gateway API says: for each of its parents. */
export const partsOfRoute: PartsOf = (object, names) => {
  const parents = objectsIn(asObject(object.value.spec)?.parentRefs);
  if (parents.length === 0) return { because: 'it has no parent' };
  return allParts(parents.map((parent) => partFor(object, parent, names)));
};

function partFor(object: ManifestObject, parent: JsonObject, names: TrafficNames): Part | Reason {
  const { namespace: own = 'default' } = object;
  const { group = 'gateway.networking.k8s.io', kind = 'Gateway', namespace = own, name, port, sectionName } = parent;
  const place = { namespace: String(namespace), name: asText(name) ?? '' };
  if (kind === 'Gateway') return atGateway(object, place, { port, sectionName }, names);
  if (group === 'networking.istio.io' && kind === 'ServiceEntry') return forEntry(object, place, port, names);
  if (kind !== 'Service' || place.namespace !== own) return { because: 'it is for no Service of its own namespace' };
  return forService(object, place, port, names);
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

function forService(
  object: ManifestObject,
  place: Place,
  port: JsonValue | undefined,
  names: TrafficNames,
): Part | Reason {
  const { namespace, name } = place;
  const key = `${namespace}/${name}`;
  const spec = asObject(object.value.spec) ?? {};
  if (names.backend(name, namespace) === undefined)
    return { because: `there is no Service \`${key}\` among the manifests` };
  if (asTexts(spec.hostnames).length > 0) return { because: 'a Service is asked for by its own names alone' };
  return forPorts(object, { kind: 'service', namespace, name }, key, port, names);
}

function forPorts(
  object: ManifestObject,
  scope: ScopeOfTraffic,
  key: string,
  port: JsonValue | undefined,
  names: TrafficNames,
): Part | Reason {
  const { requests, bytes } = names.portsOf(key);
  const isOfRequests = object.kind === 'HTTPRoute' || object.kind === 'GRPCRoute';
  const ports = port === undefined ? (isOfRequests ? requests : bytes) : [names.port(key, port)];
  const isAll = isOfRequests && bytes.length === 0 && ports.length >= requests.length;
  const routes = lifted((refuse) =>
    routesOf(object, key, names, refuse).map((route) => (isAll ? route : on(ports, route))),
  );
  if ('because' in routes) return routes;
  return routesPart(object, scope, { order: 'by-match', routes, ports: requests }, names);
}

/** Of a ServiceEntry with one host. */
function forEntry(
  object: ManifestObject,
  { namespace, name }: Place,
  port: JsonValue | undefined,
  names: TrafficNames,
): Part | Reason {
  const [host, ...others] = names.hostsOf(namespace, name);
  if (host === undefined || others.length > 0 || namespace !== (object.namespace ?? 'default'))
    return { because: 'it is for a ServiceEntry with several hosts, or of another namespace' };
  return forPorts(object, { kind: 'host', namespace, name: host }, host, port, names);
}

interface Section {
  readonly port: JsonValue | undefined;
  readonly sectionName: JsonValue | undefined;
}

function atGateway(
  object: ManifestObject,
  { namespace, name }: Place,
  section: Section,
  names: TrafficNames,
): Part | Reason {
  const key = `${namespace}/${name}`;
  const listeners = listenersAt(key, names);
  if ('because' in listeners) return listeners;
  const { hostnames } = asObject(object.value.spec) ?? {};
  const isOfRequests = object.kind === 'HTTPRoute' || object.kind === 'GRPCRoute';
  const fitting = listeners.filter(({ reads }) => reads === (isOfRequests ? 'requests' : 'connections'));
  const meant = fitting.filter(
    (each) => [each.name, undefined].includes(asText(section.sectionName)) && (section.port ?? each.port) === each.port,
  );
  const ports = [...new Set(meant.map(({ port }) => port))];
  const isOneOfPort = fitting.filter(({ port }) => ports.includes(port)).length === meant.length;
  if (!isOneOfPort) return { because: 'it is for one of several listeners of a port' };
  const isAll = isOfRequests && meant.length === fitting.length;
  const hosts = asTexts(hostnames).length === 0 ? [anyHost] : asTexts(hostnames);
  const routes = lifted((refuse) =>
    routesOf(object, '', names, refuse).map((route) => {
      if (object.kind === 'TLSRoute') return { match: [{ serverNames: [...asTexts(hostnames)] }], ...route };
      return isAll ? route : on(ports, route);
    }),
  );
  if ('because' in routes) return routes;
  const scope: ScopeOfTraffic = { kind: 'gateway', namespace, name, hosts: isOfRequests ? hosts : [] };
  return routesPart(object, scope, { order: 'by-match', routes, ports: portsFor(listeners, hosts) }, names);
}

function routesOf(
  { kind, value }: ManifestObject,
  own: string,
  names: TrafficNames,
  refuse: Refuse,
): readonly JsonObject[] {
  const lift = kind === 'HTTPRoute' || kind === 'GRPCRoute' ? liftRule : liftForward;
  return objectsIn(asObject(value.spec)?.rules).map((rule) => lift(rule, own, names, refuse));
}

/** A route on some ports alone. */
function on(ports: readonly JsonValue[], { match, ...route }: JsonObject): JsonObject {
  const alternatives = match === undefined ? [{}] : objectsIn(match);
  return { match: alternatives.flatMap((each) => ports.map((port): JsonObject => ({ ...each, port }))), ...route };
}
