import { isManaged } from '../../../parse/document.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { bindServiceEntry } from '../../../topology/bind-objects.js';
import { isHostOfEntry, serviceOfEntry } from '../../../topology/entry-host.js';
import { alreadyReported } from '../../../topology/fields.js';
import { type Cluster, keyOf, type ServiceEntry, type Topology } from '../../../topology/model.js';
import { readServiceEntry } from '../../../topology/read-services.js';
import { oncePerObject } from '../../../util/once.js';
import { groupBy, sortBy } from '../../../util/order.js';
import type { Destination } from '../../resolved.js';
import { isLookedUpByName } from './looked-up.js';
import { plannedEntry, type SaidHost } from './planned-entry.js';

/** Hosts outside the mesh as destinations, by their names, one for each cluster that knows or is to know them. */
export type OutsideHosts = ReadonlyMap<string, readonly Destination[]>;

/**
 * A ServiceEntry that is there goes before one that settings would have written; of several the first by name. What only
 * rules about calls out of the mesh say comes last.
 */
export function outsideHosts(
  { clusters, mesh }: Topology,
  settings: readonly TrafficSettings[],
  ofEgress: readonly SaidHost[],
): OutsideHosts {
  const byName = [...sortBy(settings, ({ name }) => name.value), ...ofEgress];
  const all = clusters.flatMap((cluster) => [
    ...[...entriesByHost(cluster)].flatMap(([host, [entry]]) => (entry ? [destinationOf(entry, host)] : [])),
    ...byName.flatMap((each) => plannedIn(cluster, mesh.rootNamespace, each)),
  ]);
  return new Map(
    [...groupBy(all, ({ service }) => service?.host ?? '')].map(([host, found]) => [host, oncePerCluster(found)]),
  );
}

function oncePerCluster(found: readonly Destination[]): readonly Destination[] {
  return [...groupBy(found, ({ cluster }) => cluster).values()].flatMap((group) => group.slice(0, 1));
}

/** The ServiceEntries of others that make a host known, by its name in lower case. */
export const entriesByHost = oncePerObject(
  ({ serviceEntries }: Cluster): ReadonlyMap<string, readonly ServiceEntry[]> => {
    const known = [...serviceEntries.values()].filter(({ object }) => !isManaged(object));
    const named = known.flatMap((entry) => entry.hosts.map((host) => ({ host: host.toLowerCase(), entry })));
    return new Map(
      [...groupBy(named, ({ host }) => host)].map(([host, group]) => [host, group.map(({ entry }) => entry)]),
    );
  },
);

/** The root namespace is there in every cluster, whether or not manifests show it. */
function plannedIn(cluster: Cluster, rootNamespace: string, settings: SaidHost): Destination[] {
  const { reference: host, namespace } = settings.scope;
  if (namespace === undefined || entriesByHost(cluster).has(host)) return [];
  if (namespace.value !== rootNamespace && !cluster.namespaces.has(namespace.value)) return [];
  const { defaultServiceExportTo: byDefault } = cluster.settings.istio;
  const isHidden = byDefault.length > 0 && !byDefault.includes('*');
  const isLookedUp = isLookedUpByName(settings, cluster);
  const object = plannedEntry(settings, namespace.value, { isHidden, isLookedUp });
  const draft = readServiceEntry(cluster.settings, object, alreadyReported);
  return [destinationOf(bindServiceEntry(draft, cluster, alreadyReported), host)];
}

function destinationOf(entry: ServiceEntry, host: string): Destination {
  const service = serviceOfEntry(entry, host);
  const { cluster, namespace, name } = service;
  return { id: `${cluster}/${keyOf(service)}`, cluster, namespace, name, service, workloads: [] };
}

/** Whether a destination is a host outside the mesh. */
export function isOutside({ service }: Pick<Destination, 'service'>): boolean {
  return service !== undefined && isHostOfEntry(service);
}

/** Whether the ServiceEntry of a host is still to be written. */
export function isToBeWritten({ service }: Pick<Destination, 'service'>, { clusters }: Topology): boolean {
  if (service === undefined || !isHostOfEntry(service)) return false;
  const cluster = clusters.find(({ name }) => name === service.cluster);
  return cluster !== undefined && !entriesByHost(cluster).has(service.host);
}
