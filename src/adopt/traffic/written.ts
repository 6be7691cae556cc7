import { refusalAtApply } from '../../mesh/admission/without-refused.js';
import type { Mesh } from '../../mesh/mesh.js';
import { isManaged, type JsonObject, type JsonValue, type ManifestObject } from '../../parse/document.js';
import type { Cluster } from '../../topology/model.js';
import { groupBy, sortBy } from '../../util/order.js';
import { label, unlike } from '../names/label.js';
import { keyOfObject } from '../policies.js';
import type { Reason } from '../reason.js';
import { wholesOf } from './delegates.js';
import { partsOfDestinationRule } from './destination-rule.js';
import { partsOfEnvoyFilter } from './envoy-filter.js';
import type { TrafficNames } from './lifting.js';
import { trafficNames } from './names.js';
import { idOfScope, keyOfScope, type Part, type PartsOf, type ScopeOfTraffic, scopeInSettings } from './parts.js';
import { partsOfRoute } from './route-parts.js';
import { partsOfServiceEntry } from './service-entry.js';
import { settingsOfScope, versionsNamed } from './settings-of-scope.js';
import { partsOfSidecar } from './sidecar.js';
import { partsOfVirtualService } from './virtual-service.js';

/** One document of traffic settings. */
export interface TrafficDocument {
  /** No other is called so. */
  readonly name: string;
  readonly namespace: string;
  /** As changes name the place that it is about. */
  readonly place: string;
  readonly scope: JsonValue;
  readonly spec: JsonObject;
}

/** Objects, and the documents that say together what they say: all of the objects stay, or none. */
export interface WrittenTraffic {
  readonly objects: readonly ManifestObject[];
  readonly documents: readonly TrafficDocument[];
  readonly unsaid: Reason | undefined;
}

const kinds: Readonly<Record<string, PartsOf>> = {
  VirtualService: partsOfVirtualService,
  DestinationRule: partsOfDestinationRule,
  HTTPRoute: partsOfRoute,
  GRPCRoute: partsOfRoute,
  TCPRoute: partsOfRoute,
  TLSRoute: partsOfRoute,
  ServiceEntry: partsOfServiceEntry,
  Sidecar: partsOfSidecar,
  EnvoyFilter: partsOfEnvoyFilter,
};

/** What somebody wrote of traffic, by what says it together. */
export function writtenTraffic(mesh: Mesh): readonly WrittenTraffic[] {
  const namesIn = trafficNames(mesh);
  const found = writtenObjects(mesh).map((each) => ({ ...each, parts: partsOf(each, namesIn(each.object)) }));
  const unsaid = found.flatMap(({ object, delegates, parts }): WrittenTraffic[] =>
    'because' in parts ? [{ objects: [object, ...delegates], documents: [], unsaid: parts }] : [],
  );
  const parts = found.flatMap(({ cluster, object, delegates, parts: each }) =>
    'because' in each ? [] : each.map((part) => ({ ...part, object, delegates, cluster: cluster.name })),
  );
  const versions = versionsNamed(parts);
  const taken = new Set<string>();
  const said = sortBy(
    groupBy(parts, ({ scope }) => idOfScope(scope)),
    ([id]) => id,
  ).flatMap(([, own]): WrittenTraffic[] => {
    const spec = settingsInAll(mesh, own, versions);
    const [first] = own;
    const objects = own.flatMap(({ object, delegates }) => [object, ...delegates]);
    if (first === undefined) return [];
    if ('because' in spec) return [{ objects, documents: [], unsaid: { because: String(spec.because) } }];
    return [{ objects, documents: [documentOf(first, spec, taken)], unsaid: undefined }];
  });
  return sortBy(joined([...unsaid, ...said]), ({ objects: [first] }) =>
    first === undefined ? '' : keyOfObject(first),
  );
}

/** As the manifests have them, those included that clusters refuse. */
function writtenObjects({ topology }: Mesh): readonly InCluster[] {
  return topology.clusters.flatMap((cluster) => {
    const entries = [...cluster.serviceEntries.values()].map(({ object }) => object);
    const filters = cluster.extensions.filter(({ kind }) => kind === 'EnvoyFilter');
    const own = [...cluster.routes, ...cluster.sidecars, ...entries, ...filters].filter((object) => !isManaged(object));
    const wholes = wholesOf(own, topology.mesh.clusterDomain);
    return [...wholes].flatMap(([object, whole]) =>
      whole === undefined ? [] : [{ cluster, object, whole: whole.object, delegates: whole.delegates }],
    );
  });
}

interface InCluster {
  readonly cluster: Cluster;
  readonly object: ManifestObject;
  /** Those to which it delegates. */
  readonly delegates: readonly ManifestObject[];
  /** With the rules of these in place of its own. */
  readonly whole: ManifestObject | Reason;
}

function partsOf({ object, delegates, whole, cluster }: InCluster, names: TrafficNames): readonly Part[] | Reason {
  const { version } = cluster.settings.istio;
  const [refusal] = [object, ...delegates].flatMap((each) => refusalAtApply(each, version) ?? []);
  if (refusal !== undefined) return { because: `the cluster would refuse it: ${refusal.why}` };
  if ('because' in whole) return whole;
  const lift = kinds[object.kind];
  return lift === undefined ? { because: `objects of kind ${object.kind} are not imported` } : lift(whole, names);
}

interface PartInCluster extends Part {
  readonly delegates: readonly ManifestObject[];
  readonly cluster: string;
}

/**
 * Settings hold in every cluster. Where clusters say the same by objects of other kinds, those that name versions say most; the
 * proof finds out whether it is the same.
 */
function settingsInAll(
  { topology }: Mesh,
  parts: readonly PartInCluster[],
  versions: ReadonlySet<string>,
): JsonObject | Reason {
  const byCluster = groupBy(parts, ({ cluster }) => cluster);
  const [first] = parts;
  const lacking = topology.clusters.find(
    (cluster) => first && has(cluster, first.scope) && !byCluster.has(cluster.name),
  );
  if (lacking !== undefined) return { because: `cluster ${lacking.name} has nothing of it` };
  const isWritten = (own: readonly Part[]) =>
    own.some(({ says }) => says.role === 'routes' && says.order === 'as-written');
  const groups = [...byCluster.values()];
  return settingsOfScope(groups.find(isWritten) ?? groups[0] ?? [], versions);
}

/** Whether a cluster has what settings are for. */
function has(cluster: Cluster, scope: ScopeOfTraffic): boolean {
  const key = keyOfScope(scope);
  switch (scope.kind) {
    case 'service':
      return cluster.services.has(key);
    case 'workload':
      return cluster.workloads.has(key);
    case 'gateway':
      return [...cluster.gateways.values()].some(({ listeners }) =>
        listeners.some(({ object: { namespace = 'default', name } }) => `${namespace}/${name}` === key),
      );
    default:
      return cluster.namespaces.has(scope.namespace);
  }
}

function documentOf({ object, scope }: Part, spec: JsonObject, taken: Set<string>): TrafficDocument {
  const wanted = nameOf(object, scope);
  const name = taken.has(wanted) ? unlike(`${scope.namespace}-${wanted}`, taken) : wanted;
  taken.add(name);
  const place = `${scope.kind} ${keyOfScope(scope)}`;
  return { name, namespace: scope.namespace, place, scope: scopeInSettings(scope), spec };
}

function nameOf(object: ManifestObject, { kind, namespace, name }: ScopeOfTraffic): string {
  if (kind === 'gateway') return label(object.name);
  if (kind === 'host') return label(name.replace(/^\*/, 'any'));
  return kind === 'service' ? name : label(`${name || namespace}-reaches`);
}

/** What shares an object is said together, or not at all. Clusters have an object in common by its name. */
function joined(units: readonly WrittenTraffic[]): readonly WrittenTraffic[] {
  const byKey = new Map<string, WrittenTraffic>();
  for (const unit of units) {
    const sharing = new Set(unit.objects.flatMap((object) => byKey.get(keyOfObject(object)) ?? []));
    const whole = together([...sharing, unit]);
    for (const object of whole.objects) byKey.set(keyOfObject(object), whole);
  }
  return [...new Set(byKey.values())];
}

function together(units: readonly WrittenTraffic[]): WrittenTraffic {
  const objects = new Map(units.flatMap((each) => each.objects).map((object) => [keyOfObject(object), object]));
  return {
    objects: [...objects.values()],
    documents: units.flatMap(({ documents }) => documents),
    unsaid: units.find((each) => each.unsaid !== undefined)?.unsaid,
  };
}
