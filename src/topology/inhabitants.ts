import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, MeshSettings } from '../parse/mesh.js';
import type { Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { groupBy, sortBy } from '../util/order.js';
import { kindsThatNameServices, readApiServerCalls } from './api-server-calls.js';
import { type Drafts, readDrafts, type Surroundings } from './drafts.js';
import { leadingAcross, listedWorkloads } from './endpoints.js';
import { alreadyReported, labelsAt, namespaceOf } from './fields.js';
import { readGatewayClasses } from './gateway-class.js';
import { type GatewayObjects, sortGateways } from './gateway-objects.js';
import { readGateways } from './gateways.js';
import { joinDrafts, type Standing } from './join-drafts.js';
import { label } from './labels.js';
import { type Cluster, type Gateway, keyOf, type Namespace, type Revisions, type Waypoint } from './model.js';
import { readNamespaces, unknownNamespace } from './namespaces.js';
import type { ObjectIndex } from './object-index.js';
import { workloadKinds } from './ownership.js';
import { lasting, type Reading, readAgain } from './reading.js';
import { readRevisions } from './revisions.js';
import { isAccepted } from './schemas/refused-gateways.js';
import { readServiceAccounts } from './service-accounts.js';
import { readWaypoints } from './waypoints.js';

/** What stands and what calls in a cluster. */
export type Inhabitants = Pick<
  Cluster,
  | 'name'
  | 'settings'
  | 'revisions'
  | 'namespaces'
  | 'services'
  | 'workloads'
  | 'waypoints'
  | 'gateways'
  | 'serviceEntries'
  | 'serviceAccounts'
  | 'apiServerCalls'
> &
  Pick<GatewayObjects, 'foreign'>;

/**
 * Reads a cluster namespace by namespace, and anew only those in which something is otherwise than before. What says the same
 * as before is the very same thing, so that whatever follows from it is known.
 */
export function readInhabitants(
  mesh: MeshSettings,
  settings: ClusterSettings,
  index: ObjectIndex,
  reading: Reading,
): Inhabitants {
  const { name, istio } = settings;
  const { recall, report } = reading;
  const revisions = revisionsOf(settings, index, reading);
  const namespaces = readNamespaces(settings, index.of('Namespace'), index.namespaceNames, reading);
  const classes = index.of('GatewayClass');
  const gateways = sortGateways(
    index.of('Gateway').filter(isAccepted),
    readAgain(reading, 'classes of', name, classes, (told) => readGatewayClasses(classes, told)),
    report,
  );
  const waypoints = lasting(
    recall,
    'waypoints of',
    name,
    readWaypoints(gateways.of('waypoint'), { cluster: name, namespaces, revisions }, report),
    ({ object, reachedOtherwise }) => [object, reachedOtherwise],
  );
  const around = { mesh, settings, index, revisions, namespaces, gateways };
  const { services, workloads, serviceEntries, byNamespace } = standingIn(around, waypoints, reading);
  const ingress = lasting(
    recall,
    'gateways of',
    name,
    readGateways(
      {
        cluster: settings,
        settings: istio,
        clusterDomain: mesh.clusterDomain,
        gateways: gateways.of('gateway'),
        istioGateways: index.of('IstioGateway'),
        listenerSets: listenerSetsIn(index, istio),
        ...{ workloads, services, byNamespace, namespaces, revisions },
      },
      report,
    ),
    ({ object, listeners }) => [object, ...listeners.map((listener) => listener.object)],
  );
  const naming = index.of(...kindsThatNameServices);
  return {
    name,
    settings,
    revisions,
    namespaces,
    services,
    workloads,
    waypoints,
    gateways: ingress,
    serviceEntries,
    serviceAccounts: serviceAccountsIn(around, byNamespace, [waypoints, ingress], recall),
    apiServerCalls: readAgain(reading, 'calls of the API server of', name, naming, (told) =>
      readApiServerCalls(naming, told),
    ),
    foreign: gateways.foreign,
  };
}

/** Of the many Services of a cluster only those of tags tell of revisions. */
function revisionsOf({ name, istio }: ClusterSettings, index: ObjectIndex, reading: Reading): Revisions {
  const injectors = index.of('MutatingWebhookConfiguration');
  const tags = tagsAmong(index.of('Service'));
  return readAgain(reading, 'revisions of', name, [istio, ...injectors, ...tags], (report) =>
    readRevisions(istio, injectors, tags, report),
  );
}

const isTag = oncePerObject(
  (object: ManifestObject) => labelsAt(object, ['metadata', 'labels'], alreadyReported)[label.tag] !== undefined,
);
const tagsAmong = oncePerObject((services: readonly ManifestObject[]) => services.filter(isTag));

/** What was read of a cluster before its namespaces. */
interface Around {
  readonly mesh: MeshSettings;
  readonly settings: ClusterSettings;
  readonly index: ObjectIndex;
  readonly revisions: Revisions;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly gateways: GatewayObjects;
}

/** What stands in all namespaces of a cluster, by `namespace/name` and sorted, and in each of them. */
interface StandingInCluster extends Standing {
  readonly byNamespace: ReadonlyMap<string, Standing>;
}

function standingIn(around: Around, waypoints: ReadonlyMap<string, Waypoint>, reading: Reading): StandingInCluster {
  const { settings, index } = around;
  const { recall } = reading;
  const drafted = draftsIn(around, reading);
  const slices = index.of('EndpointSlice');
  const listed = readAgain(
    reading,
    'listed workloads of',
    settings.name,
    [...slices, ...(slices.length === 0 ? [] : drafted.map(({ drafts }) => drafts))],
    (report) =>
      listedWorkloads(
        drafted.flatMap(({ drafts }) => [...drafts.running.workloads]),
        slices,
        report,
      ),
  );
  const across = leadingAcross(listed.size === 0 ? [] : drafted.flatMap(({ drafts }) => drafts.services), listed);
  const standing = drafted.map(({ namespace, drafts }) => {
    const place = `${settings.name}/${namespace.name}`;
    const behind = drafts.services.map((service) => listed.get(keyOf(service))?.join());
    const leadingHere = across.get(namespace.name) ?? [];
    const inputs = [
      drafts,
      namespace,
      ...behind,
      leadingHere.map(({ service, workload }) => `${service} ${workload}`).join(),
      ...[...drafts.claims, ...drafts.running.claims].map((key) => waypoints.get(key)),
    ];
    const bindings = { namespaces: new Map([[namespace.name, namespace]]), waypoints };
    const joined = readAgain(reading, 'what stands in', place, inputs, (report) =>
      joinDrafts(place, drafts, listed, leadingHere, bindings, { recall, report }),
    );
    return [namespace.name, joined] as const;
  });
  const all = <T>(what: string, partOf: (joined: Standing) => ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    const parts = standing.map(([, joined]) => partOf(joined)).filter(({ size }) => size > 0);
    return recall(what, settings.name, parts, () => new Map(parts.flatMap((part) => [...part])));
  };
  return {
    byNamespace: new Map(standing),
    services: all('Services of', ({ services }) => services),
    workloads: all('workloads of', ({ workloads }) => workloads),
    serviceEntries: all('ServiceEntries of', (joined) => joined.serviceEntries),
  };
}

/** `namespace/name` of every ServiceAccount of a cluster, sorted: the same set for as long as there are the same. */
function serviceAccountsIn(
  { settings, index }: Around,
  standing: ReadonlyMap<string, Standing>,
  gateways: ReadonlyArray<ReadonlyMap<string, Waypoint | Gateway>>,
  recall: Recall,
): ReadonlySet<string> {
  const further = groupBy(
    gateways.flatMap((each) => [...each.values()]),
    ({ namespace }) => namespace,
  );
  const accounts = [...standing].map(([namespace, { workloads }]) => {
    const place = `${settings.name}/${namespace}`;
    const declared = index.inNamespace(namespace, 'ServiceAccount');
    const running = further.get(namespace) ?? [];
    return recall('who runs in', place, [declared, workloads, ...running], () => {
      const names = readServiceAccounts(declared, [...workloads.values(), ...running]);
      return recall('accounts of', place, names, () => names);
    });
  });
  return recall('service accounts of', settings.name, accounts, () => new Set(accounts.flat()));
}

interface Drafted {
  readonly namespace: Namespace;
  readonly drafts: Drafts;
}

/** What stands in each namespace by itself, in the order of the keys of what stands there. */
function draftsIn(
  { mesh, settings, index, revisions, namespaces, gateways }: Around,
  reading: Reading,
): readonly Drafted[] {
  const { recall } = reading;
  const kinds = new Set<string>([...workloadKinds, ...index.otherPodMakers.map(({ kind }) => kind)]);
  const makers = recall('kinds that make pods in', settings.name, [...kinds], () => kinds);
  const names = new Set([...namespaces.keys(), ...index.otherPodMakers.map(namespaceOf)]);
  return sortBy(names, (name) => `${name}/`).map((name) => {
    const place = `${settings.name}/${name}`;
    const namespace =
      namespaces.get(name) ?? recall('unknown namespace', place, [], () => unknownNamespace(settings.name, name));
    const found = index.inNamespace(name, 'Gateway').flatMap((object) => {
      const role = gateways.roleOf(`${name}/${object.name}`);
      return role === undefined ? [] : [[object.name, role] as const];
    });
    const roles =
      found.length === 0 ? noRoles : recall('roles of Gateways in', place, found.flat(), () => new Map(found));
    const around = { settings, clusterDomain: mesh.clusterDomain, revisions, namespace, makers, roles };
    const objects = index.standingIn(name);
    const drafts = readAgain(reading, 'drafts of', place, [...Object.values(around), objects], (report) =>
      readDrafts(place, objects, around, { recall, report }),
    );
    return { namespace, drafts };
  });
}

const noRoles: Surroundings['roles'] = new Map();

/** Gateway API made them a kind of its own that Istio reads since 1.30; before, a flag is needed for the experimental one. */
function listenerSetsIn(index: ObjectIndex, { version, flags }: ClusterSettings['istio']): readonly ManifestObject[] {
  if (version >= '1.30') return index.of('ListenerSet').filter(isAccepted);
  return flags.PILOT_ENABLE_ALPHA_GATEWAY_API === true ? index.of('XListenerSet') : [];
}
