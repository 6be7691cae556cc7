import type { ManifestObject, Path } from '../parse/document.js';
import { booleanAt, integerAt, itemsAt, labelsAt, type Report, textAt, textsAt } from './fields.js';
import type { ContainerPort, Labels, Transport } from './model.js';

/** What a pod, or the template that makes one, shows of its part in the mesh. */
export interface PodSigns {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly hostNetwork: boolean;
  /** The role that the container `istio-proxy` is started in; gateways are written with `router` among its args. */
  readonly proxyRole: string | undefined;
  /** How a node runs it; `undefined` of a template, and of a manifest of a pod. Asked of few: most pods are annotated. */
  running(): 'with a proxy' | 'without a proxy' | undefined;
}

/** What else a workload is known by. */
interface PodTemplate extends PodSigns {
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
}

/** Where an object keeps its pod, and what a topology reads there. */
interface PodPaths {
  readonly pod: Path;
  readonly labels: Path;
  readonly annotations: Path;
  readonly hostNetwork: Path;
  readonly containers: Path;
  readonly initContainers: Path;
  readonly serviceAccounts: readonly Path[];
}

// Made once: a large mesh has tens of thousands of pods.
const ofPod = pathsBelow([]);
const ofCronJob = pathsBelow(['spec', 'jobTemplate', 'spec', 'template']);
const ofController = pathsBelow(['spec', 'template']);

function pathsBelow(pod: Path): PodPaths {
  return {
    pod,
    labels: [...pod, 'metadata', 'labels'],
    annotations: [...pod, 'metadata', 'annotations'],
    hostNetwork: [...pod, 'spec', 'hostNetwork'],
    containers: [...pod, 'spec', 'containers'],
    initContainers: [...pod, 'spec', 'initContainers'],
    // The second is the deprecated name of the first.
    serviceAccounts: [
      [...pod, 'spec', 'serviceAccountName'],
      [...pod, 'spec', 'serviceAccount'],
    ],
  };
}

function pathsOf(kind: string): PodPaths {
  if (kind === 'Pod') return ofPod;
  return kind === 'CronJob' ? ofCronJob : ofController;
}

/** Where an object of this kind keeps its pod: labels for selectors and for Istio are read there and nowhere else. */
export function podPath(kind: string): Path {
  return pathsOf(kind).pod;
}

/** Reads only what decides a mode: of the many pods of a live cluster nothing else is asked. */
export function readPodSigns(object: ManifestObject, report: Report): PodSigns {
  const paths = pathsOf(object.kind);
  return {
    labels: labelsAt(object, paths.labels, report),
    annotations: labelsAt(object, paths.annotations, report),
    hostNetwork: booleanAt(object, paths.hostNetwork, report) ?? false,
    proxyRole: proxyRoleOf(object, itemsAt(object, paths.containers, report), report),
    running: () => {
      const isRunning = object.kind === 'Pod' && textAt(object, ['spec', 'nodeName'], report) !== undefined;
      if (!isRunning) return undefined;
      const hasProxy = hasProxyAmong(object, [paths.containers, paths.initContainers], report);
      return hasProxy ? 'with a proxy' : 'without a proxy';
    },
  };
}

/** Reads the pod that an object is or makes. */
export function readPodTemplate(object: ManifestObject, report: Report): PodTemplate {
  const { containers, initContainers, serviceAccounts } = pathsOf(object.kind);
  // A restartable init container is a sidecar: that is how Kubernetes-native sidecars are written.
  const all = [containers, initContainers].flatMap((list) => itemsAt(object, list, report));
  return {
    ...readPodSigns(object, report),
    serviceAccount: serviceAccountOf(object, serviceAccounts, report),
    ports: all.flatMap((container) => readPorts(object, container, report)),
  };
}

/** A pod without a service account runs as `default` of its namespace. */
function serviceAccountOf(object: ManifestObject, paths: readonly Path[], report: Report): string {
  for (const path of paths) {
    const name = textAt(object, path, report);
    if (name) return name;
  }
  return 'default';
}

function readPorts(object: ManifestObject, container: Path, report: Report): readonly ContainerPort[] {
  return itemsAt(object, [...container, 'ports'], report).flatMap((port) => {
    const number = integerAt(object, [...port, 'containerPort'], report);
    if (number === undefined) return [];
    const name = textAt(object, [...port, 'name'], report);
    return [{ name, number, transport: transportOf(textAt(object, [...port, 'protocol'], report)) }];
  });
}

function proxyRoleOf(object: ManifestObject, containers: readonly Path[], report: Report): string | undefined {
  const proxy = containers.find((container) => textAt(object, [...container, 'name'], report) === 'istio-proxy');
  if (proxy === undefined) return undefined;
  return textsAt(object, [...proxy, 'args'], report).find((word) => word === 'router' || word === 'waypoint');
}

function hasProxyAmong(object: ManifestObject, lists: readonly Path[], report: Report): boolean {
  const containers = lists.flatMap((list) => itemsAt(object, list, report));
  return containers.some((container) => textAt(object, [...container, 'name'], report) === 'istio-proxy');
}

/** Kubernetes takes TCP where a port names no protocol. */
export function transportOf(protocol: string | undefined): Transport {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
