import { diagnostic } from '../diagnostics/create.js';
import { type JsonObject, type JsonValue, type ManifestObject, spanIn } from '../parse/document.js';
import { assert } from '../util/assert.js';
import { oncePer, oncePerObject } from '../util/once.js';
import { compareText, groupBy, sortBy } from '../util/order.js';
import { describe, namespaceOf, type Report } from './fields.js';
import { type Reading, readAgain } from './reading.js';
import { isRollout } from './rollouts/argo-rollout.js';
import { isCanary } from './rollouts/flagger-canary.js';

/** The kinds that a topology is read from, as `group/Kind`; every other kind is counted and not read. */
export const knownKinds: ReadonlySet<string> = new Set([
  '/Namespace',
  '/Service',
  '/Pod',
  '/ReplicationController',
  '/ServiceAccount',
  '/Secret',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
  'networking.k8s.io/NetworkPolicy',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiregistration.k8s.io/APIService',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
  'gateway.networking.k8s.io/ListenerSet',
  'gateway.networking.x-k8s.io/XListenerSet',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/BackendTLSPolicy',
  'gateway.networking.k8s.io/TCPRoute',
  'gateway.networking.k8s.io/TLSRoute',
  'gateway.networking.k8s.io/ReferenceGrant',
  'networking.istio.io/Gateway',
  'networking.istio.io/ServiceEntry',
  'networking.istio.io/WorkloadEntry',
  'networking.istio.io/WorkloadGroup',
  'networking.istio.io/VirtualService',
  'networking.istio.io/DestinationRule',
  'networking.istio.io/EnvoyFilter',
  'networking.istio.io/Sidecar',
  'networking.istio.io/ProxyConfig',
  'extensions.istio.io/WasmPlugin',
  'extensions.istio.io/TrafficExtension',
  'telemetry.istio.io/Telemetry',
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
  'security.istio.io/RequestAuthentication',
]);

const clusterScoped = new Set([
  'Namespace',
  'GatewayClass',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'APIService',
  'CustomResourceDefinition',
]);

/** Kinds whose name an earlier one has already, in another group. */
const sameNames: ReadonlyMap<string, string> = new Map([['networking.istio.io/Gateway', 'IstioGateway']]);

/** One cluster's objects by `Kind`, Istio's own Gateways as `IstioGateway`; each kind sorted by namespace and name; what is no part of a topology is counted. */
export interface ObjectIndex {
  of(...kinds: readonly string[]): readonly ManifestObject[];
  /** The same of one namespace. */
  inNamespace(namespace: string, ...kinds: readonly string[]): readonly ManifestObject[];
  /** All that is read, but for some kinds: a list for each kind, which is the same list for as long as the same objects are given. */
  allBut(kinds: ReadonlySet<string>): ReadonlyArray<readonly ManifestObject[]>;
  /** Objects of any other kind that hold a pod template, sorted: Rollouts, CloneSets and the like. */
  readonly otherPodMakers: readonly ManifestObject[];
  /** ConfigMaps with limits as envoyproxy/ratelimit reads them, sorted. */
  readonly limitConfigs: readonly ManifestObject[];
  /** Rollouts of Argo, with a template or without, and Canaries of Flagger, sorted. */
  readonly rollouts: readonly ManifestObject[];
  /** How many objects of each `apiVersion/kind` were not read, sorted. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Every namespace that a namespaced object of a known kind lives in. */
  readonly namespaceNames: ReadonlySet<string>;
}

/**
 * Sorts objects out by kind, whatever their order in the input. An object that is given twice must say the same both
 * times: only the last one applied would count, and nobody can tell which that is.
 */
export function indexObjects(cluster: string, objects: readonly ManifestObject[], reading: Reading): ObjectIndex {
  const sorted = [...groupBy(objects, ({ apiVersion, kind }) => kindOf(apiVersion)(kind))];
  const known = sorted.filter(([kind]) => kind.isKnown);
  const others = sorted.flatMap(([kind, all]) => (kind.isKnown ? [] : all));
  const byKind = distinctByKind(cluster, known, reading);
  const isRead = (object: ManifestObject) => holdsPodTemplate(object) || changesWeights(object) || holdsLimits(object);
  const makers = groupBy(others.filter(isRead), ({ apiVersion, kind }) => kindOf(apiVersion)(kind));
  const readByKind = distinctByKind(cluster, [...makers], reading);
  const read = [...readByKind.values()].flat();
  const foreign = groupBy(
    others.filter((object) => !isRead(object) && !tellsOfIstio(object)),
    ({ apiVersion, kind }) => `${apiVersion}/${kind}`,
  );
  const counts = [...foreign].map(([kind, all]) => [kind, all.length] as const);
  const namespaced = [...byKind].filter(([kind]) => !clusterScoped.has(kind)).map(([, all]) => all);
  return {
    of: (...kinds) => kinds.flatMap((kind) => byKind.get(kind) ?? []),
    inNamespace: (namespace, ...kinds) =>
      kinds.flatMap((kind) => byNamespace(byKind.get(kind) ?? nothing).get(namespace) ?? []),
    allBut: (kinds) => [
      ...[...byKind].flatMap(([kind, all]) => (kinds.has(kind) ? [] : [all])),
      ...readByKind.values(),
    ],
    otherPodMakers: read.filter(holdsPodTemplate),
    limitConfigs: read.filter(holdsLimits),
    rollouts: read.filter(changesWeights),
    ignored: new Map(sortBy(counts, ([kind]) => kind)),
    namespaceNames: new Set(namespaced.flatMap((all) => [...byNamespace(all).keys()])),
  };
}

const nothing: readonly ManifestObject[] = [];

const byNamespace = oncePerObject((objects: readonly ManifestObject[]) => groupBy(objects, namespaceOf));

/** The same index for whoever must not ask for some kinds. */
export function indexWithout(index: ObjectIndex, hidden: ReadonlySet<string>): ObjectIndex {
  const shown = (kinds: readonly string[]) => {
    assert(!kinds.some((kind) => hidden.has(kind)), `${kinds.join()}: kinds that are read elsewhere`);
    return kinds;
  };
  return {
    ...index,
    of: (...kinds) => index.of(...shown(kinds)),
    inNamespace: (namespace, ...kinds) => index.inNamespace(namespace, ...shown(kinds)),
  };
}

/** Whether a topology is read from objects of this kind. */
export function isKnown(object: ManifestObject): boolean {
  return kindOf(object.apiVersion)(object.kind).isKnown;
}

/** What becomes of objects of a kind, and what it is called here. */
interface ReadKind {
  readonly isKnown: boolean;
  readonly name: string;
}

const kindOf = oncePer((apiVersion: string) =>
  oncePer((kind: string): ReadKind => {
    const groupKind = groupKindOf({ apiVersion, kind });
    return { isKnown: knownKinds.has(groupKind), name: sameNames.get(groupKind) ?? kind };
  }),
);

/** `group/Kind`, whatever the version. */
export function groupKindOf(object: Pick<ManifestObject, 'apiVersion' | 'kind'>): string {
  return `${groupOf(object)}/${object.kind}`;
}

/** Whether an object tells how Istio itself is installed: the settings of the mesh are read from it. */
function tellsOfIstio(object: ManifestObject): boolean {
  const { kind, name, value } = object;
  if (['install.istio.io', 'sailoperator.io'].includes(groupOf(object))) return true;
  if (kind !== 'ConfigMap' || !/^istio(?:-|$)/.test(name)) return false;
  const data = fieldOf(value, 'data');
  return ['mesh', 'EXCLUDE_NAMESPACES'].some((key) => fieldOf(data, key) !== undefined);
}

function changesWeights(object: ManifestObject): boolean {
  return isRollout(object) || isCanary(object);
}

/** Whether it is a ConfigMap with a text that names a domain and the descriptors of its limits. */
function holdsLimits({ apiVersion, kind, value }: ManifestObject): boolean {
  if (kind !== 'ConfigMap' || apiVersion !== 'v1') return false;
  const texts = Object.values(Object(fieldOf(value, 'data')));
  return texts.some((text) => typeof text === 'string' && ['domain', 'descriptors'].every((key) => hasKey(text, key)));
}

function hasKey(text: string, key: string): boolean {
  return new RegExp(`^["']?${key}["']?:`, 'm').test(text);
}

/** Whether an object makes pods as controllers do, whoever defined its kind. */
function holdsPodTemplate({ value }: ManifestObject): boolean {
  const containers = fieldOf(fieldOf(fieldOf(fieldOf(value, 'spec'), 'template'), 'spec'), 'containers');
  return Array.isArray(containers) && containers.length > 0;
}

function fieldOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

/** The objects of each kind, sorted by name, each once. */
function distinctByKind(
  cluster: string,
  kinds: ReadonlyArray<readonly [ReadKind, readonly ManifestObject[]]>,
  reading: Reading,
): ReadonlyMap<string, readonly ManifestObject[]> {
  const groups = [...groupBy(kinds, ([{ name }]) => name)].map(
    ([name, all]) => [name, all.flatMap(([, objects]) => objects)] as const,
  );
  const inOrder = groups.sort(([left], [right]) => compareText(left, right));
  const distinct = (all: readonly ManifestObject[]) => (report: Report) =>
    withoutRepetitions(inOrderOfNames([...all].sort(compareBySource)), report);
  return new Map(
    inOrder.map(([kind, all]) => [kind, readAgain(reading, `${kind} in ${cluster}`, all, distinct(all))] as const),
  );
}

/** By namespace and name. Objects are told apart by their namespaces first, of which a large mesh has far fewer than objects. */
function inOrderOfNames(objects: readonly ManifestObject[]): readonly ManifestObject[] {
  const homes = groupBy(objects, homeOf);
  return [...homes.keys()]
    .sort(compareText)
    .flatMap((home) => (homes.get(home) ?? []).sort((left, right) => compareText(left.name, right.name)));
}

/** Of sorted objects of one kind, the first of each name. */
function withoutRepetitions(sorted: readonly ManifestObject[], report: Report): readonly ManifestObject[] {
  const kept: ManifestObject[] = [];
  for (const object of sorted) {
    const first = kept.at(-1);
    if (first === undefined || first.name !== object.name || homeOf(first) !== homeOf(object)) kept.push(object);
    else if (!sameValue(first.value, object.value)) report(contradiction(first, object));
  }
  return kept;
}

/** The API group of an object; empty for core kinds. */
function groupOf({ apiVersion }: Pick<ManifestObject, 'apiVersion'>): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

function homeOf(object: ManifestObject): string {
  return clusterScoped.has(object.kind) ? '' : namespaceOf(object);
}

function compareBySource(left: ManifestObject, right: ManifestObject): number {
  return (
    compareText(left.document.file.path, right.document.file.path) ||
    left.document.start - right.document.start ||
    itemOf(left) - itemOf(right)
  );
}

function itemOf(object: ManifestObject): number {
  const step = object.path.at(-1);
  return typeof step === 'number' ? step : -1;
}

function contradiction(first: ManifestObject, second: ManifestObject) {
  return diagnostic('contradicting-manifests', { object: describe(second) }, spanIn(second, ['metadata', 'name']), {
    notes: [{ message: 'first given here, with other content', span: spanIn(first, ['metadata', 'name']) }],
  });
}

/** Equality of YAML values, whatever the order of their keys. */
function sameValue(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const leftEntries = Object.entries(left);
  const rightValues = new Map<string, JsonValue>(Object.entries(right));
  return (
    leftEntries.length === rightValues.size &&
    leftEntries.every(([key, value]) => rightValues.has(key) && sameValue(value, rightValues.get(key)))
  );
}
