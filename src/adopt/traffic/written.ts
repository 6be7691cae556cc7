import { asObject, asText, asTexts } from '../../mesh/json.js';
import type { Mesh } from '../../mesh/mesh.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { isManaged, type JsonObject, type ManifestObject } from '../../parse/document.js';
import { anyHost } from '../../topology/listeners/admitted.js';
import { keyOf } from '../../topology/model.js';
import { groupBy, sortBy } from '../../util/order.js';
import { label, unlike } from '../names/label.js';
import { objectsIn } from '../objects-in.js';
import { keyOfObject } from '../policies.js';
import { type TrafficNames, where } from './lifting.js';
import { liftDestinationRules, liftRoutes } from './routes.js';
import { type ScopeOfTraffic, scopeOf } from './scopes.js';

/** The objects of traffic for one Service, the routes of a gateway, or one object that is not imported. */
export interface WrittenTraffic {
  readonly objects: readonly ManifestObject[];
  /** What the settings are called; no others are called so. */
  readonly name: string;
  /** Absent where they are for nothing that settings can name. */
  readonly scope: ScopeOfTraffic | undefined;
  /** What the settings say, without their scope. */
  readonly spec: JsonObject;
  readonly unsaid: string | undefined;
}

/** What somebody wrote of traffic: VirtualServices and DestinationRules of Services together, everything else by itself. */
export function writtenTraffic({ clusters, topology }: Mesh): readonly WrittenTraffic[] {
  const all = [...clusters.values()].flatMap(({ cluster }) => [
    ...cluster.routes,
    ...cluster.sidecars,
    ...[...cluster.serviceEntries.values()].map(({ object }) => object),
  ]);
  const own = all.filter((object) => !isManaged(object));
  const copies = [...groupBy(own, keyOfObject).values()];
  const services = new Map(
    topology.clusters.flatMap((cluster) =>
      [...cluster.services.values()].map((service) => [service.host, keyOf(service)] as const),
    ),
  );
  const ports = new Map<string, string>(
    topology.clusters.flatMap((cluster) =>
      [...cluster.services.values()].flatMap((service) =>
        service.ports.flatMap(({ name, number }) =>
          name === undefined ? [] : [[`${keyOf(service)} ${number}`, name] as const],
        ),
      ),
    ),
  );
  const { clusterDomain } = topology.mesh;
  const serviceAt = (host: string, { namespace = 'default' }: ManifestObject) =>
    services.get(fullHost(host, namespace, clusterDomain).toLowerCase());
  const namesIn = (object: ManifestObject): TrafficNames => ({
    service: (host) => serviceAt(host, object),
    backend: (name, namespace) =>
      serviceAt(`${name}.${namespace ?? object.namespace ?? 'default'}.svc.${clusterDomain}`, object),
    port: (service, number) => ports.get(`${service} ${number}`) ?? number,
  });
  const found = copies.flatMap((same) => {
    const [object] = same;
    if (object === undefined) return [];
    const texts = new Set(same.map(({ value }) => JSON.stringify(value.spec)));
    const isAlike = texts.size === 1 && same.length >= clusters.size;
    const scope = isAlike ? scopeOf(object, namesIn(object).service) : { because: 'clusters do not have it alike' };
    return [{ object, scope }];
  });
  const gateways = topology.clusters.flatMap((cluster) => [...cluster.gateways.values()]);
  const served = new Set(gateways.flatMap(({ listeners }) => listeners.map(({ object }) => keyOf(named(object)))));
  const units = groupBy(found, ({ scope, object }) =>
    'kind' in scope && scope.kind === 'service' ? scope.key : keyOfObject(object),
  );
  const taken = new Set<string>();
  const versions = found.flatMap(({ object, scope }) =>
    'kind' in scope && scope.kind === 'gateway' ? versionsAt(object, namesIn(object)) : [],
  );
  return sortBy(units, ([key]) => key).flatMap(([, unit]): WrittenTraffic[] => {
    const objects = unit.map(({ object }) => object);
    const [first] = unit;
    if (first === undefined) return [];
    const { scope, object } = first;
    if ('because' in scope) return [{ objects, name: '', scope: undefined, spec: {}, unsaid: scope.because }];
    const { key } = scope;
    const local = scope.kind === 'service' ? key.slice(key.indexOf('/') + 1) : label(object.name);
    const name = taken.has(local) ? unlike(`${key.slice(0, key.indexOf('/'))}-${local}`, taken) : local;
    taken.add(name);
    const spec =
      scope.kind === 'gateway' && !served.has(key)
        ? { because: `no pods that serve Gateway \`${key}\` are among the manifests` }
        : scope.kind === 'gateway'
          ? gatewaySpec(object, namesIn(object))
          : specOf(objects, key, namesIn, versions);
    const said = 'because' in spec ? { spec: {}, unsaid: String(spec.because) } : { spec, unsaid: undefined };
    return [{ objects, name, scope, ...said }];
  });
}

function named({ namespace = 'default', name }: ManifestObject) {
  return { namespace, name };
}

/** The hosts for which a gateway is asked, and what becomes of requests for them. */
function gatewaySpec(object: ManifestObject, names: TrafficNames): JsonObject | { readonly because: string } {
  const { hosts, hostnames } = asObject(object.value.spec) ?? {};
  const written = asTexts(hosts ?? hostnames);
  const named = written.length === 0 ? [anyHost] : written;
  if (named.includes(anyHost) && named.length > 1) return { because: 'it is for any host, and for some beside it' };
  const lifted = liftRoutes(object, '', names);
  return 'because' in lifted ? lifted : { hosts: named, ...lifted };
}

/** The versions of Services to which a gateway leads, as `namespace/name version`. */
function versionsAt(object: ManifestObject, names: TrafficNames): readonly string[] {
  const lifted = liftRoutes(object, '', names);
  return 'because' in lifted
    ? []
    : objectsIn(lifted.routes)
        .flatMap(({ to }) => objectsIn(to))
        .flatMap(({ service, version }) => (version === undefined ? [] : [`${asText(service)} ${asText(version)}`]));
}

function specOf(
  objects: readonly ManifestObject[],
  service: string,
  namesIn: (object: ManifestObject) => TrafficNames,
  versionsElsewhere: readonly string[],
): JsonObject | { readonly because: string } {
  const rules = objects.filter(({ kind }) => kind === 'DestinationRule');
  const [routes, ...others] = objects.filter((each) => !rules.includes(each));
  if (others.length > 0) return { because: 'several objects with routes are for the same host' };
  const [first] = rules;
  const settings = liftDestinationRules(
    rules.map(({ value }) => asObject(value.spec) ?? {}),
    (number) => (first === undefined ? number : namesIn(first).port(service, number)),
  );
  if ('because' in settings) return settings;
  const lifted = routes === undefined ? {} : liftRoutes(routes, service, namesIn(routes));
  if ('because' in lifted) return lifted;
  const { versions, ...way } = settings;
  const isNamed = (version: string) =>
    versionsIn(lifted).has(version) || versionsElsewhere.includes(`${service} ${version}`);
  const told = Object.entries(asObject(versions) ?? {}).filter(([name]) => isNamed(name));
  return { ...way, ...where('versions', Object.fromEntries(told)), ...lifted };
}

/** The versions to which a route leads: the others get no requests of their own. */
function versionsIn({ split, routes }: JsonObject): ReadonlySet<string> {
  const targets = objectsIn(routes).flatMap(({ to, mirror }) => [...objectsIn(to), ...objectsIn(mirror)]);
  const named = targets.flatMap(({ service, version }) => (service === undefined ? (asText(version) ?? []) : []));
  return new Set([...Object.keys(asObject(split) ?? {}), ...named]);
}
