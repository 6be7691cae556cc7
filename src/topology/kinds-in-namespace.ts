import { diagnostic } from '../diagnostics/create.js';
import { type JsonObject, type JsonValue, type ManifestObject, spanIn } from '../parse/document.js';
import type { Recall } from '../util/memory.js';
import { compareText, groupBy, sortBy } from '../util/order.js';
import type { NamespaceObjects } from './drafts.js';
import { describe, type Report } from './fields.js';
import { groupOf, kindOf } from './known-kinds.js';
import { clusterScoped } from './objects-by-namespace.js';
import { workloadKinds } from './ownership.js';
import { type Reading, readAgain } from './reading.js';
import { isRollout } from './rollouts/argo-rollout.js';
import { isCanary } from './rollouts/flagger-canary.js';

/** By `Kind`, Istio's own Gateways as `IstioGateway`; each kind sorted by name. */
export type ObjectsByKind = ReadonlyMap<string, readonly ManifestObject[]>;

/** The objects of one namespace, each once. A list is the very same for as long as it holds the very same objects. */
export interface KindsInNamespace {
  readonly known: ObjectsByKind;
  /** What is read of objects of any other kind. */
  readonly others: ObjectsByKind;
  readonly standing: NamespaceObjects;
  /** How many objects of each `apiVersion/kind` are not read. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Whether it holds a namespaced object of a known kind. */
  readonly isInhabited: boolean;
}

/**
 * Sorts the objects of a namespace out by kind, whatever their order in the input. An object that is given twice must say the same
 * both times: only the last one applied would count, and nobody can tell which that is.
 */
export function kindsIn(place: string, objects: readonly ManifestObject[], reading: Reading): KindsInNamespace {
  const { recall } = reading;
  return readAgain(reading, 'kinds in', place, [objects], (report) => {
    const kinds = groupBy(objects, knownNameOf);
    const foreign = kinds.get(undefined) ?? nothing;
    const found = [...kinds].flatMap(([kind, all]) => (kind === undefined ? [] : [[kind, all] as const]));
    const known = distinctOfEach(place, found, { recall, report });
    const read = groupBy(foreign.filter(isRead), ({ kind }) => kind);
    const others = distinctOfEach(
      `${place} besides`,
      sortBy(read, ([kind]) => kind),
      { recall, report },
    );
    return {
      known,
      others,
      standing: standingAmong(place, known, [...others.values()], recall),
      ignored: countByKind(foreign.filter((object) => !isRead(object) && !tellsOfIstio(object))),
      isInhabited: found.some(([kind]) => !clusterScoped.has(kind)),
    };
  });
}

/** What an object is called among those of known kinds, if it is one. */
function knownNameOf({ apiVersion, kind }: ManifestObject): string | undefined {
  const { isKnown, name } = kindOf(apiVersion)(kind);
  return isKnown ? name : undefined;
}

/** What says what stands in a namespace: one thing for as long as it says so by the very same objects. */
function standingAmong(
  place: string,
  known: ObjectsByKind,
  others: ReadonlyArray<readonly ManifestObject[]>,
  recall: Recall,
): NamespaceObjects {
  const of = (kind: string) => known.get(kind) ?? nothing;
  const makers = workloadKinds.map(of);
  const entries = of('WorkloadEntry');
  const groups = of('WorkloadGroup');
  const running = recall('what may run in', place, [entries, groups, ...makers, ...others], () => ({
    podMakers: [...others.flat().filter(holdsPodTemplate), ...makers.flat()],
    machines: [...entries, ...groups],
  }));
  const services = of('Service');
  const serviceEntries = of('ServiceEntry');
  return recall('what may stand in', place, [running, services, serviceEntries, ...others], () => ({
    ...{ running, services, serviceEntries },
    rollouts: others.flat().filter(changesWeights),
  }));
}

export const nothing: readonly ManifestObject[] = [];

export const nothingStands: NamespaceObjects = {
  running: { podMakers: nothing, machines: nothing },
  services: nothing,
  serviceEntries: nothing,
  rollouts: nothing,
};

function countByKind(objects: readonly ManifestObject[]): ReadonlyMap<string, number> {
  const kinds = groupBy(objects, ({ apiVersion, kind }) => `${apiVersion}/${kind}`);
  return new Map([...kinds].map(([kind, all]) => [kind, all.length]));
}

/** Whether something is read from it though its kind is none that is known. */
function isRead(object: ManifestObject): boolean {
  return holdsPodTemplate(object) || changesWeights(object) || holdsLimits(object);
}

/** Whether an object tells how Istio itself is installed: the settings of the mesh are read from it. */
function tellsOfIstio(object: ManifestObject): boolean {
  const { kind, name, value } = object;
  if (['install.istio.io', 'sailoperator.io'].includes(groupOf(object))) return true;
  if (kind !== 'ConfigMap' || !/^istio(?:-|$)/.test(name)) return false;
  const data = fieldOf(value, 'data');
  return ['mesh', 'EXCLUDE_NAMESPACES'].some((key) => fieldOf(data, key) !== undefined);
}

export function changesWeights(object: ManifestObject): boolean {
  return isRollout(object) || isCanary(object);
}

/** Whether it is a ConfigMap with a text that names a domain and the descriptors of its limits. */
export function holdsLimits({ apiVersion, kind, value }: ManifestObject): boolean {
  if (kind !== 'ConfigMap' || apiVersion !== 'v1') return false;
  const texts = Object.values(Object(fieldOf(value, 'data')));
  return texts.some((text) => typeof text === 'string' && ['domain', 'descriptors'].every((key) => hasKey(text, key)));
}

function hasKey(text: string, key: string): boolean {
  return new RegExp(`^["']?${key}["']?:`, 'm').test(text);
}

/** Whether an object makes pods as controllers do, whoever defined its kind. */
export function holdsPodTemplate({ value }: ManifestObject): boolean {
  const containers = fieldOf(fieldOf(fieldOf(fieldOf(value, 'spec'), 'template'), 'spec'), 'containers');
  return Array.isArray(containers) && containers.length > 0;
}

function fieldOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

/** The objects of each kind, sorted. */
function distinctOfEach(
  place: string,
  kinds: ReadonlyArray<readonly [string, readonly ManifestObject[]]>,
  reading: Reading,
): ObjectsByKind {
  return new Map(
    kinds.map(([kind, all]) => {
      const distinct = (report: Report) =>
        withoutRepetitions([...all].sort(compareBySource).sort(compareByName), report);
      return [kind, readAgain(reading, 'objects of a kind in', `${place} ${kind}`, all, distinct)] as const;
    }),
  );
}

function compareByName(left: ManifestObject, right: ManifestObject): number {
  return compareText(left.name, right.name);
}

/** Of sorted objects of one kind, the first of each name. */
function withoutRepetitions(sorted: readonly ManifestObject[], report: Report): readonly ManifestObject[] {
  const kept: ManifestObject[] = [];
  for (const object of sorted) {
    const first = kept.at(-1);
    if (first?.name !== object.name) kept.push(object);
    else if (!sameValue(first.value, object.value)) report(contradiction(first, object));
  }
  return kept;
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
