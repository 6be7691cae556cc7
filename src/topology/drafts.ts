import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings } from '../parse/mesh.js';
import { sortedUnique } from '../util/order.js';
import { waypointsClaimed } from './binding.js';
import { alreadyReported, labelsAt, type Report } from './fields.js';
import type { GatewayRole } from './gateway-class.js';
import type { Labels, Namespace, Revisions } from './model.js';
import { readService, readServiceEntry, type ServiceDraft, type ServiceEntryDraft } from './read-services.js';
import { readWorkloads, type WorkloadDraft } from './read-workloads.js';
import { type Reading, readAgain } from './reading.js';
import { withoutTemplateHash } from './rollouts/template-hash.js';

/** The objects of one namespace that say what stands in it. */
export interface NamespaceObjects {
  readonly running: RunningObjects;
  readonly services: readonly ManifestObject[];
  readonly serviceEntries: readonly ManifestObject[];
  readonly rollouts: readonly ManifestObject[];
}

/** Those of them that say what runs in it. */
export interface RunningObjects {
  /** What makes pods, and pods: owners first. */
  readonly podMakers: readonly ManifestObject[];
  /** WorkloadEntries and WorkloadGroups. */
  readonly machines: readonly ManifestObject[];
}

/** What else of its cluster decides what they mean. */
export interface Surroundings {
  readonly settings: ClusterSettings;
  readonly clusterDomain: string;
  readonly revisions: Revisions;
  readonly namespace: Namespace;
  /** The kinds that make pods, anywhere in the cluster. */
  readonly makers: ReadonlySet<string>;
  /** The roles of the Gateways of the namespace that Istio runs, by their names. */
  readonly roles: ReadonlyMap<string, GatewayRole>;
}

/** What stands in one namespace, before it is joined to one another and to waypoints. */
export interface Drafts {
  readonly running: RunningDrafts;
  readonly services: readonly ServiceDraft[];
  readonly serviceEntries: readonly ServiceEntryDraft[];
  /** The keys of all waypoints that are asked for by Services and ServiceEntries, whether or not they are there. */
  readonly claims: readonly string[];
}

/** What runs in it: most of what is there, and most changes of Services leave it as it is. */
export interface RunningDrafts {
  /** By `namespace/name`, sorted. */
  readonly workloads: ReadonlyMap<string, WorkloadDraft>;
  /** The keys of all waypoints that are asked for by workloads, whether or not they are there. */
  readonly claims: readonly string[];
}

export function readDrafts(
  place: string,
  objects: NamespaceObjects,
  around: Surroundings,
  { recall, report }: Reading,
): Drafts {
  const { settings, clusterDomain, namespace, ...others } = around;
  const inputs = [settings, namespace, ...Object.values(others), objects.running];
  const running = readAgain({ recall, report }, `drafts of what runs in ${place}`, inputs, (told) =>
    readRunning(objects.running, around, told),
  );
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
    ...services.map(({ labels }) => labels),
    ...serviceEntries.map(({ object }) => labelsAt(object, ['metadata', 'labels'], alreadyReported)),
  ];
  return { running, services, serviceEntries, claims: claimsOf(claiming, namespace) };
}

function readRunning({ podMakers, machines }: RunningObjects, around: Surroundings, report: Report): RunningDrafts {
  const workloads = readWorkloads(podMakers, machines, around, report);
  const claiming = [...workloads.values()].map(({ labels }) => labels);
  return { workloads, claims: claimsOf(claiming, around.namespace) };
}

/** What a namespace asks for it asks for all that stands in it. */
function claimsOf(claiming: readonly Labels[], { labels, name }: Namespace): readonly string[] {
  return sortedUnique(waypointsClaimed([labels, ...claiming], name));
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
