import { asObject, asText } from '../../mesh/json.js';
import type { Mesh } from '../../mesh/mesh.js';
import { fullHost } from '../../mesh/paths/tls-settings.js';
import { isManaged, type JsonObject, type ManifestObject } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy, sortBy } from '../../util/order.js';
import { objectsIn } from '../objects-in.js';
import { keyOfObject } from '../policies.js';
import type { TrafficNames } from './lifting.js';
import { hostOfRoutes, liftDestinationRules, liftRoutes } from './routes.js';

/** The objects of traffic for one Service, or one object that is not imported. */
export interface WrittenTraffic {
  readonly objects: readonly ManifestObject[];
  /** The Service, as `namespace/name`; empty where it is none. */
  readonly service: string;
  /** What the settings of the Service say, without their scope. */
  readonly spec: JsonObject;
  readonly unsaid: string | undefined;
}

const readKinds: ReadonlySet<string> = new Set(['VirtualService', 'DestinationRule']);

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
  const portName: TrafficNames['port'] = (service, number) => ports.get(`${service} ${number}`) ?? number;
  const { clusterDomain } = topology.mesh;
  const serviceAt = (host: string, { namespace = 'default' }: ManifestObject) =>
    services.get(fullHost(host, namespace, clusterDomain).toLowerCase());
  const found = copies.flatMap((same) => {
    const [object] = same;
    if (object === undefined) return [];
    const texts = new Set(same.map(({ value }) => JSON.stringify(value.spec)));
    const isAlike = texts.size === 1 && same.length >= clusters.size;
    const host = isAlike ? hostOf(object) : { because: 'clusters do not have it alike' };
    const service = typeof host === 'string' ? serviceAt(host, object) : undefined;
    const isHome = service?.startsWith(`${object.namespace ?? 'default'}/`) === true;
    const because = typeof host === 'string' ? 'it is for no Service of its own namespace' : host.because;
    return [{ object, service: isHome ? (service ?? '') : '', because }];
  });
  const units = groupBy(found, ({ service, object }) => (service === '' ? keyOfObject(object) : service));
  return sortBy(units, ([key]) => key).flatMap(([, unit]): WrittenTraffic[] => {
    const objects = unit.map(({ object }) => object);
    const [first] = unit;
    if (first === undefined) return [];
    const { service, because } = first;
    if (service === '') return [{ objects, service, spec: {}, unsaid: because }];
    const spec = specOf(objects, service, (each) => ({ service: (host) => serviceAt(host, each), port: portName }));
    return [
      {
        objects,
        service,
        ...('because' in spec ? { spec: {}, unsaid: String(spec.because) } : { spec, unsaid: undefined }),
      },
    ];
  });
}

function hostOf({ kind, value }: ManifestObject): string | { readonly because: string } {
  const spec = asObject(value.spec) ?? {};
  if (!readKinds.has(kind)) return { because: `objects of kind ${kind} are not imported` };
  if (kind === 'VirtualService') return hostOfRoutes(spec);
  const isForAll = spec.exportTo === undefined && spec.workloadSelector === undefined;
  return isForAll ? (asText(spec.host) ?? '') : { because: '`exportTo` and `workloadSelector` are not imported' };
}

function specOf(
  objects: readonly ManifestObject[],
  service: string,
  namesIn: (object: ManifestObject) => TrafficNames,
): JsonObject | { readonly because: string } {
  const specs = (kind: string) => objects.filter((each) => each.kind === kind);
  const [routes, ...others] = specs('VirtualService');
  if (others.length > 0) return { because: 'several VirtualServices are for the same host' };
  const rules = specs('DestinationRule');
  const [first] = rules;
  const settings = liftDestinationRules(
    rules.map(({ value }) => asObject(value.spec) ?? {}),
    (number) => (first === undefined ? number : namesIn(first).port(service, number)),
  );
  if ('because' in settings) return settings;
  const { versions, ...way } = settings;
  if (routes === undefined) return way;
  const lifted = liftRoutes(objectsIn(asObject(routes.value.spec)?.http), service, namesIn(routes));
  return 'because' in lifted ? lifted : { ...way, ...namedVersions(asObject(versions) ?? {}, lifted), ...lifted };
}

/** The versions to which a route leads: the others get no requests of their own. */
function namedVersions(versions: JsonObject, { split, routes }: JsonObject): JsonObject {
  const targets = objectsIn(routes).flatMap(({ to }) => objectsIn(to));
  const named = new Set([
    ...Object.keys(asObject(split) ?? {}),
    ...targets.flatMap(({ version }) => asText(version) ?? []),
  ]);
  const told = Object.entries(versions).filter(([name]) => named.has(name));
  return told.length === 0 ? {} : { versions: Object.fromEntries(told) };
}
