import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings } from '../parse/mesh.js';
import type { Recall } from '../util/memory.js';
import { oncePerObject } from '../util/once.js';
import { sortedUnique } from '../util/order.js';
import { waypointsClaimed } from './binding.js';
import { alreadyReported, labelsAt } from './fields.js';
import type { GatewayRole } from './gateway-class.js';
import { label } from './labels.js';
import type { Labels, Namespace, Revisions } from './model.js';
import { foldOwners } from './ownership.js';
import { podPath } from './pod-template.js';
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
  const { settings, namespace, revisions, makers } = around;
  const roles = rolesOfPods(place, objects.running, around.roles, recall);
  const inputs = [settings, namespace, revisions, makers, roles, objects.running];
  const running = readAgain({ recall, report }, 'drafts of what runs in', place, inputs, (told) =>
    readRunning(place, objects.running, { ...around, roles }, { recall, report: told }),
  );
  const { services, serviceEntries } = readDeclared(place, objects, around, { recall, report });
  const claiming: readonly Labels[] = [
    ...services.map(({ labels }) => labels),
    ...serviceEntries.map(({ object }) => labelsAt(object, ['metadata', 'labels'], alreadyReported)),
  ];
  return { running, services, serviceEntries, claims: claimsOf(claiming, namespace) };
}

/** Of no other Gateway than those that pods are labelled with does the role decide what runs. */
function rolesOfPods(
  place: string,
  { podMakers }: RunningObjects,
  roles: Surroundings['roles'],
  recall: Recall,
): Surroundings['roles'] {
  if (roles.size === 0) return roles;
  const served = new Set(podMakers.map(gatewayOf));
  const found = [...roles].filter(([name]) => served.has(name));
  return recall('roles of pods in', place, found.flat(), () => new Map(found));
}

const gatewayOf = oncePerObject((object: ManifestObject) => {
  const labels = labelsAt(object, [...podPath(object.kind), 'metadata', 'labels'], alreadyReported);
  return labels[label.gatewayName] ?? '';
});

/** Whatever else a namespace says, its Services say the same. */
function readDeclared(
  place: string,
  { services, serviceEntries, rollouts }: NamespaceObjects,
  { settings, clusterDomain, namespace }: Surroundings,
  reading: Reading,
): Pick<Drafts, 'services' | 'serviceEntries'> {
  const isKnown = namespace.isWatched !== false;
  const inputs = [settings, clusterDomain, isKnown, services, serviceEntries, ...rollouts];
  return readAgain(reading, 'drafts of Services in', place, inputs, (report) => ({
    services: services.map((object) => {
      const service = lastingService(readService(settings, clusterDomain, object, report), rollouts);
      return isKnown ? service : unexported(service);
    }),
    serviceEntries: serviceEntries.map((object) => {
      const entry = readServiceEntry(settings, object, report);
      return isKnown ? entry : unexported(entry);
    }),
  }));
}

function readRunning(
  place: string,
  { podMakers, machines }: RunningObjects,
  around: Surroundings,
  reading: Reading,
): RunningDrafts {
  const owned = readAgain(reading, 'owners in', place, [podMakers, around.makers], (report) =>
    foldOwners(podMakers, around.makers, report),
  );
  const workloads = readWorkloads(owned, machines, around, reading.report);
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
