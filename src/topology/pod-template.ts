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
}

/** What else a workload is known by. */
export interface PodTemplate extends PodSigns {
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
}

const templatePaths: Readonly<Record<string, Path>> = {
  Pod: [],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** Where an object of this kind keeps its pod: labels for selectors and for Istio are read there and nowhere else. */
export function podPath(kind: string): Path {
  return templatePaths[kind] ?? ['spec', 'template'];
}

export function readPodSigns(object: ManifestObject, report: Report): PodSigns {
  const path = podPath(object.kind);
  const spec = [...path, 'spec'];
  return {
    labels: labelsAt(object, [...path, 'metadata', 'labels'], report),
    annotations: labelsAt(object, [...path, 'metadata', 'annotations'], report),
    hostNetwork: booleanAt(object, [...spec, 'hostNetwork'], report) ?? false,
    proxyRole: proxyRoleOf(object, itemsAt(object, [...spec, 'containers'], report), report),
  };
}

export function readPodTemplate(object: ManifestObject, report: Report): PodTemplate {
  const spec = [...podPath(object.kind), 'spec'];
  // A restartable init container is a sidecar: that is how Kubernetes-native sidecars are written.
  const containers = ['containers', 'initContainers'].flatMap((list) => itemsAt(object, [...spec, list], report));
  return {
    ...readPodSigns(object, report),
    serviceAccount: serviceAccountOf(object, spec, report),
    ports: containers.flatMap((container) => readPorts(object, container, report)),
  };
}

/** A pod without a service account runs as `default` of its namespace. */
function serviceAccountOf(object: ManifestObject, spec: Path, report: Report): string {
  const name = textAt(object, [...spec, 'serviceAccountName'], report);
  const deprecatedName = textAt(object, [...spec, 'serviceAccount'], report);
  return name || deprecatedName || 'default';
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

export function transportOf(protocol: string | undefined): Transport {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
