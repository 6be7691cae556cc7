import type { ManifestObject } from '../parse/document.js';
import { groupBy, sortedUnique } from '../util/order.js';
import { alreadyReported, itemsAt, labelsAt, namespaceOf, type Report, textAt, textsAt } from './fields.js';
import { label } from './labels.js';
import { keyOf, type Labels, selects } from './model.js';
import type { ServiceDraft } from './read-services.js';
import type { WorkloadDraft } from './read-workloads.js';

/** Which workloads are behind a Service, by their keys, sorted as `workloads` are. */
type EndpointsOf = (service: ServiceDraft) => readonly string[];

/**
 * Joins the Services of a namespace to its workloads as Kubernetes does, and to WorkloadEntries as istiod does by default: by
 * selector or, for a Service without one, by the EndpointSlices that name it. Workloads are looked up by label pair, so that a
 * large mesh costs little more than reading it.
 */
export function joinEndpoints(
  workloads: ReadonlyMap<string, WorkloadDraft>,
  listed: ReadonlyMap<string, readonly string[]>,
): EndpointsOf {
  const byPair = indexByPair(workloads);
  return (service) => {
    if (service.type === 'ExternalName') return [];
    if (service.selector === undefined) return listed.get(keyOf(service)) ?? [];
    return selected(service.selector, byPair);
  };
}

/** A Service that leads to a workload, each by its key. */
export interface Leading {
  readonly service: string;
  readonly workload: string;
}

/** EndpointSlices may list pods of another namespace than their Service's: who leads where so, by the namespace of the pods. */
export function leadingAcross(
  services: readonly ServiceDraft[],
  listed: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly Leading[]> {
  const across = services
    .filter(({ type, selector }) => type !== 'ExternalName' && selector === undefined)
    .flatMap((service) => {
      const behind = listed.get(keyOf(service)) ?? [];
      return behind
        .filter((workload) => namespaceIn(workload) !== service.namespace)
        .map((workload): Leading => ({ service: keyOf(service), workload }));
    });
  return groupBy(across, ({ workload }) => namespaceIn(workload));
}

/** Of `namespace/name`. */
function namespaceIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

interface Indexed {
  readonly key: string;
  readonly labels: Labels;
}

type PairIndex = ReadonlyMap<string, readonly Indexed[]>;

function indexByPair(workloads: ReadonlyMap<string, WorkloadDraft>): PairIndex {
  const index = new Map<string, Indexed[]>();
  for (const [key, { labels }] of workloads) {
    for (const pair of pairsOf(labels)) {
      const list = index.get(pair);
      if (list === undefined) index.set(pair, [{ key, labels }]);
      else list.push({ key, labels });
    }
  }
  return index;
}

/** Only the rarest of the selector's pairs is walked. */
function selected(selector: Labels, index: PairIndex): readonly string[] {
  const candidates = pairsOf(selector).map((pair) => index.get(pair) ?? []);
  const fewest = candidates.reduce((best, list) => (list.length < best.length ? list : best));
  return fewest.filter(({ labels }) => selects(selector, labels)).map(({ key }) => key);
}

function pairsOf(labels: Labels): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}\u0000${value}`);
}

/** The workloads of a cluster whose pods EndpointSlices list, by the Services that the slices name. */
export function listedWorkloads(
  workloads: Iterable<readonly [string, WorkloadDraft]>,
  slices: readonly ManifestObject[],
  report: Report,
): ReadonlyMap<string, readonly string[]> {
  if (slices.length === 0) return new Map();
  const pods = indexByPod(workloads, report);
  const found = new Map<string, Set<string>>();
  for (const slice of slices) {
    const service = labelsAt(slice, ['metadata', 'labels'], report)[label.serviceName];
    if (service === undefined) continue;
    const key = `${namespaceOf(slice)}/${service}`;
    const behind = found.get(key) ?? new Set();
    found.set(key, behind);
    for (const pod of podsOf(slice, report)) {
      const workload = pods.get(pod);
      if (workload !== undefined) behind.add(workload);
    }
  }
  return new Map([...found].map(([service, behind]) => [service, sortedUnique(behind)]));
}

/** The pods of a slice, as `namespace/name` where it names them and as address in any case. */
function podsOf(slice: ManifestObject, report: Report): readonly string[] {
  return itemsAt(slice, ['endpoints'], report).flatMap((endpoint) => {
    const addresses = textsAt(slice, [...endpoint, 'addresses'], report);
    const name = textAt(slice, [...endpoint, 'targetRef', 'name'], report);
    return name === undefined ? addresses : [...addresses, `${namespaceOf(slice)}/${name}`];
  });
}

function indexByPod(
  workloads: Iterable<readonly [string, WorkloadDraft]>,
  report: Report,
): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const [key, { pods }] of workloads) {
    for (const pod of pods) {
      index.set(`${namespaceOf(pod)}/${pod.name}`, key);
      const address = textAt(pod, ['status', 'podIP'], report);
      if (address !== undefined) index.set(address, key);
    }
  }
  return index;
}

/** Whether addresses of a Service, by its key, are listed among the manifests. */
export function hasListedEndpoints(lists: readonly ManifestObject[], service: string): boolean {
  return lists.some((list) => {
    const name =
      list.kind === 'Endpoints'
        ? list.name
        : labelsAt(list, ['metadata', 'labels'], alreadyReported)[label.serviceName];
    return `${namespaceOf(list)}/${name}` === service;
  });
}
