import type { JsonObject, JsonValue, ManifestObject, Path } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { type Cluster, keyOf, type Service } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { asArray, asLabels, asObject, asText, asTexts } from '../json.js';

/** A list of addresses behind a Service without a selector, which leads elsewhere than the Service's own manifest says. */
export interface ListedEndpoints {
  readonly object: ManifestObject;
  readonly path: Path;
  readonly service: Service;
  /** The ports of the Service whose callers arrive on another port than it says; none where an address is no pod's. */
  readonly ports: readonly number[];
}

/** An Endpoints object counts, as Kubernetes makes slices of it, where no EndpointSlice is given. */
export function readListedEndpoints({
  endpointLists,
  services,
  workloads,
}: Pick<Cluster, 'endpointLists' | 'services' | 'workloads'>): readonly ListedEndpoints[] {
  const byService = groupBy(countedLists({ endpointLists, services }), serviceOf);
  if (byService.size === 0) return [];
  const pods = new Set([...workloads.values()].flatMap((workload) => workload.pods.flatMap(namesOfPod)));
  return [...byService].flatMap(([key, lists]) => {
    const service = services.get(key);
    if (service === undefined) return [];
    const slices = lists.filter(({ kind }) => kind === 'EndpointSlice');
    return (slices.length > 0 ? slices : lists).flatMap((object) => deviationsOf(object, service, pods));
  });
}

/** The lists that say where callers arrive: of a Service with a selector Kubernetes writes them, and of the API server nobody. */
export function countedLists({
  endpointLists,
  services,
}: Pick<Cluster, 'endpointLists' | 'services'>): readonly ManifestObject[] {
  return endpointLists.filter((each) => {
    const key = serviceOf(each);
    const service = services.get(key);
    return service !== undefined && service.selector === undefined && key !== 'default/kubernetes';
  });
}

function serviceOf(object: ManifestObject): string {
  const { labels } = asObject(object.value.metadata) ?? {};
  const name = object.kind === 'Endpoints' ? object.name : (asLabels(labels)[label.serviceName] ?? '');
  return `${object.namespace ?? 'default'}/${name}`;
}

function namesOfPod(pod: ManifestObject): readonly string[] {
  const address = asText(asObject(pod.value.status)?.podIP);
  return [
    keyOf({ namespace: pod.namespace ?? 'default', name: pod.name }),
    ...(address === undefined ? [] : [address]),
  ];
}

/** Addresses and ports that stand together. */
interface Part {
  readonly path: Path;
  readonly isKnown: (pods: ReadonlySet<string>) => boolean;
  readonly ports: readonly JsonObject[];
}

function deviationsOf(object: ManifestObject, service: Service, pods: ReadonlySet<string>): readonly ListedEndpoints[] {
  const parts = partsOf(object);
  const unknown = parts.find(({ isKnown }) => !isKnown(pods));
  const shifted = parts.find(({ ports }) => otherPorts(ports, service).length > 0);
  return [
    ...(unknown === undefined ? [] : [{ object, path: unknown.path, service, ports: [] }]),
    ...(shifted === undefined
      ? []
      : [{ object, path: shifted.path, service, ports: otherPorts(shifted.ports, service) }]),
  ];
}

function partsOf(object: ManifestObject): readonly Part[] {
  const { endpoints, ports, subsets, addressType } = object.value;
  // Istio reads no list of names.
  if (addressType === 'FQDN') return [];
  const ofSlice = objectsOf(endpoints).map((endpoint, index) => ({
    path: ['endpoints', index],
    isKnown: knownPod(object, endpoint, asTexts(endpoint.addresses)),
    ports: objectsOf(ports),
  }));
  const ofSubsets = objectsOf(subsets).flatMap((subset, place) =>
    objectsOf(subset.addresses).map((address, index) => ({
      path: ['subsets', place, 'addresses', index],
      isKnown: knownPod(object, address, [asText(address.ip) ?? '']),
      ports: objectsOf(subset.ports),
    })),
  );
  return [...ofSlice, ...ofSubsets];
}

function objectsOf(list: JsonValue | undefined): readonly JsonObject[] {
  return asArray(list).map((item) => asObject(item) ?? {});
}

function knownPod({ namespace = 'default' }: ManifestObject, { targetRef }: JsonObject, addresses: readonly string[]) {
  const name = asText(asObject(targetRef)?.name);
  return (pods: ReadonlySet<string>) =>
    pods.has(`${namespace}/${name}`) || addresses.every((address) => pods.has(address));
}

/** The list’s port of the same name is where callers arrive, whatever `targetPort` says. */
function otherPorts(listed: readonly JsonObject[], { ports }: Service): readonly number[] {
  return ports
    .filter(({ name = '', targetPort }) =>
      listed.some((port) => (asText(port.name) ?? '') === name && port.port !== undefined && port.port !== targetPort),
    )
    .map(({ number }) => number);
}
