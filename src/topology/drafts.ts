import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings } from '../parse/mesh.js';
import { sortedUnique } from '../util/order.js';
import { waypointsClaimed } from './binding.js';
import { alreadyReported, labelsAt, type Report } from './fields.js';
import type { GatewayRole } from './gateway-class.js';
import type { Labels, Namespace, Revisions } from './model.js';
import { readService, readServiceEntry, type ServiceDraft, type ServiceEntryDraft } from './read-services.js';
import { readWorkloads, type WorkloadDraft } from './read-workloads.js';
import { withoutTemplateHash } from './rollouts/template-hash.js';

/** The objects of one namespace that say what stands in it. */
export interface NamespaceObjects {
  /** What makes pods, and pods: owners first. */
  readonly podMakers: readonly ManifestObject[];
  /** WorkloadEntries and WorkloadGroups. */
  readonly machines: readonly ManifestObject[];
  readonly services: readonly ManifestObject[];
  readonly serviceEntries: readonly ManifestObject[];
  readonly rollouts: readonly ManifestObject[];
}

/** What else of its cluster decides what they mean. */
export interface Surroundings {
  readonly settings: ClusterSettings;
  readonly clusterDomain: string;
  readonly revisions: Revisions;
  readonly namespace: Namespace;
  /** The kinds that make pods, anywhere in the cluster. */
  readonly makers: ReadonlySet<string>;
  /** The role of the Gateway of this name in the namespace, if there is one. */
  readonly roleOfGateway: (name: string) => GatewayRole | undefined;
}

/** What stands in one namespace, before it is joined to one another and to waypoints. */
export interface Drafts {
  /** By `namespace/name`, sorted. */
  readonly workloads: ReadonlyMap<string, WorkloadDraft>;
  readonly services: readonly ServiceDraft[];
  readonly serviceEntries: readonly ServiceEntryDraft[];
  /** The keys of all waypoints that are asked for, whether or not they are there. */
  readonly claims: readonly string[];
}

export function readDrafts(objects: NamespaceObjects, around: Surroundings, report: Report): Drafts {
  const { settings, clusterDomain, namespace } = around;
  const workloads = readWorkloads(objects.podMakers, objects.machines, around, report);
  const isKnown = namespace.isWatched !== false;
  const services = objects.services.map((object) => {
    const service = lastingService(readService(settings, clusterDomain, object, report), objects.rollouts);
    return isKnown ? service : unexported(service);
  });
  const serviceEntries = objects.serviceEntries.map((object) => {
    const entry = readServiceEntry(settings, object, report);
    return isKnown ? entry : unexported(entry);
  });
  const claiming: readonly Labels[] = [
    namespace.labels,
    ...[...workloads.values(), ...services].map(({ labels }) => labels),
    ...serviceEntries.map(({ object }) => labelsAt(object, ['metadata', 'labels'], alreadyReported)),
  ];
  return { workloads, services, serviceEntries, claims: sortedUnique(waypointsClaimed(claiming, namespace.name)) };
}

/** A Service as it is once a Rollout has released another version: with the selector that holds for all of them. */
function lastingService(draft: ServiceDraft, rollouts: readonly ManifestObject[]): ServiceDraft {
  const { selector, namespace } = draft;
  return selector === undefined ? draft : { ...draft, selector: withoutTemplateHash(rollouts, namespace, selector) };
}

/** Of a namespace that istiod does not watch no proxy is told any host (istio-security §9.2). */
function unexported<T extends Pick<ServiceDraft, 'exportTo'>>(draft: T): T {
  return { ...draft, exportTo: ['~'] };
}
