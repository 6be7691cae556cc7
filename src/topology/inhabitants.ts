import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, MeshSettings } from '../parse/mesh.js';
import { oncePerObject } from '../util/once.js';
import { sortBy } from '../util/order.js';
import { kindsThatNameServices, readApiServerCalls } from './api-server-calls.js';
import { type Drafts, readDrafts } from './drafts.js';
import { leadingAcross, listedWorkloads } from './endpoints.js';
import { alreadyReported, labelsAt, namespaceOf } from './fields.js';
import { readGatewayClasses } from './gateway-class.js';
import { type GatewayObjects, sortGateways } from './gateway-objects.js';
import { readGateways } from './gateways.js';
import { joinDrafts, type Standing } from './join-drafts.js';
import { label } from './labels.js';
import { type Cluster, keyOf, type Namespace, type Revisions, type Waypoint } from './model.js';
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
  const found = readNamespaces(settings, index.of('Namespace'), index.namespaceNames, report);
  const namespaces = lasting(recall, `namespaces of ${name}`, found, ({ object }) => [object]);
  const classes = index.of('GatewayClass');
  const gateways = sortGateways(
    index.of('Gateway').filter(isAccepted),
    readAgain(reading, `classes of ${name}`, classes, (told) => readGatewayClasses(classes, told)),
    report,
  );
  const waypoints = lasting(
    recall,
    `waypoints of ${name}`,
    readWaypoints(gateways.of('waypoint'), { cluster: name, namespaces, revisions }, report),
    ({ object, reachedOtherwise }) => [object, reachedOtherwise],
  );
  const around = { mesh, settings, index, revisions, namespaces, gateways };
  const { services, workloads, serviceEntries } = standingIn(around, waypoints, reading);
  const ingress = lasting(
    recall,
    `gateways of ${name}`,
    readGateways(
      {
        cluster: settings,
        settings: istio,
        clusterDomain: mesh.clusterDomain,
        gateways: gateways.of('gateway'),
        istioGateways: index.of('IstioGateway'),
        listenerSets: listenerSetsIn(index, istio),
        ...{ workloads, services, namespaces, revisions },
      },
      report,
    ),
    ({ object, listeners }) => [object, ...listeners.map((listener) => listener.object)],
  );
  const declared = index.of('ServiceAccount');
  const accounts = recall(`accounts of ${name}`, [workloads, waypoints, ingress, ...declared], () =>
    readServiceAccounts(declared, [workloads, waypoints, ingress]),
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
    serviceAccounts: recall(`service accounts of ${name}`, [...accounts], () => accounts),
    apiServerCalls: readAgain(reading, `calls of the API server of ${name}`, naming, (told) =>
      readApiServerCalls(naming, told),
    ),
    foreign: gateways.foreign,
  };
}

/** Of the many Services of a cluster only those of tags tell of revisions. */
function revisionsOf({ name, istio }: ClusterSettings, index: ObjectIndex, reading: Reading): Revisions {
  const injectors = index.of('MutatingWebhookConfiguration');
  const tags = index.of('Service').filter(isTag);
  return readAgain(reading, `revisions of ${name}`, [istio, ...injectors, ...tags], (report) =>
    readRevisions(istio, injectors, tags, report),
  );
}

const isTag = oncePerObject(
  (object: ManifestObject) => labelsAt(object, ['metadata', 'labels'], alreadyReported)[label.tag] !== undefined,
);

/** What was read of a cluster before its namespaces. */
interface Around {
  readonly mesh: MeshSettings;
  readonly settings: ClusterSettings;
  readonly index: ObjectIndex;
  readonly revisions: Revisions;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly gateways: GatewayObjects;
}

/** What stands in all namespaces of a cluster, by `namespace/name` and sorted. */
function standingIn(around: Around, waypoints: ReadonlyMap<string, Waypoint>, reading: Reading): Standing {
  const { settings, index } = around;
  const { recall } = reading;
  const drafted = draftsIn(around, reading);
  const slices = index.of('EndpointSlice');
  const listed = readAgain(
    reading,
    `listed workloads of ${settings.name}`,
    [...slices, ...(slices.length === 0 ? [] : drafted.map(({ drafts }) => drafts))],
    (report) =>
      listedWorkloads(
        drafted.flatMap(({ drafts }) => [...drafts.workloads]),
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
      ...drafts.claims.map((key) => waypoints.get(key)),
    ];
    const bindings = { namespaces: new Map([[namespace.name, namespace]]), waypoints };
    return readAgain(reading, `what stands in ${place}`, inputs, (report) =>
      joinDrafts(place, drafts, listed, leadingHere, bindings, { recall, report }),
    );
  });
  const all = <T>(what: string, parts: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> =>
    recall(
      `${what} of ${settings.name}`,
      parts.filter(({ size }) => size > 0),
      () => new Map(parts.flatMap((part) => [...part])),
    );
  return {
    services: all(
      'Services',
      standing.map(({ services }) => services),
    ),
    workloads: all(
      'workloads',
      standing.map(({ workloads }) => workloads),
    ),
    serviceEntries: all(
      'ServiceEntries',
      standing.map(({ serviceEntries }) => serviceEntries),
    ),
  };
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
  const makers = new Set<string>([...workloadKinds, ...index.otherPodMakers.map(({ kind }) => kind)]);
  const kindsOfMakers = [...makers].join();
  const names = new Set([...namespaces.keys(), ...index.otherPodMakers.map(namespaceOf)]);
  return sortBy(names, (name) => `${name}/`).map((name) => {
    const namespace =
      namespaces.get(name) ??
      reading.recall(`unknown namespace ${settings.name}/${name}`, [], () => unknownNamespace(settings.name, name));
    const objects = index.standingIn(name);
    const roles = index.inNamespace(name, 'Gateway').map((object) => {
      return [object.name, gateways.roleOf(`${name}/${object.name}`)] as const;
    });
    const roleOfGateway = (gateway: string) => gateways.roleOf(`${name}/${gateway}`);
    const inputs = [settings, mesh.clusterDomain, revisions, namespace, kindsOfMakers, roles.join(), objects];
    const around = { settings, clusterDomain: mesh.clusterDomain, revisions, namespace, makers, roleOfGateway };
    const drafts = readAgain(reading, `drafts of ${settings.name}/${name}`, inputs, (report) =>
      readDrafts(objects, around, report),
    );
    return { namespace, drafts };
  });
}

/** Gateway API made them a kind of its own that Istio reads since 1.30; before, a flag is needed for the experimental one. */
function listenerSetsIn(index: ObjectIndex, { version, flags }: ClusterSettings['istio']): readonly ManifestObject[] {
  if (version >= '1.30') return index.of('ListenerSet').filter(isAccepted);
  return flags.PILOT_ENABLE_ALPHA_GATEWAY_API === true ? index.of('XListenerSet') : [];
}
