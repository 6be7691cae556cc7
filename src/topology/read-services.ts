import type { ManifestObject, Path } from '../parse/document.js';
import type { ClusterSettings } from '../parse/mesh.js';
import { exportedByDefault } from './default-exports.js';
import { integerAt, itemsAt, labelsAt, namespaceOf, portAt, type Report, textAt, textsAt } from './fields.js';
import { annotation } from './labels.js';
import type { Labels, Service, ServiceEntry, ServicePort } from './model.js';
import { transportOf } from './pod-template.js';
import { portProtocol } from './port-protocol.js';

/** What a Service's own manifest says, before it is joined to its pods and its waypoint. */
export type ServiceDraft = Omit<Service, 'workloads' | 'binding' | 'ingressUsesWaypoint'>;

/** What a ServiceEntry's own manifest says, before it is joined to its waypoint. */
export type ServiceEntryDraft = Omit<ServiceEntry, 'binding' | 'ingressUsesWaypoint'>;

const serviceTypes: readonly Service['type'][] = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];

/** Reads a Service alone; a port that has no number was reported and is left out. */
export function readService(
  { name: cluster, istio }: ClusterSettings,
  clusterDomain: string,
  object: ManifestObject,
  report: Report,
): ServiceDraft {
  const namespace = namespaceOf(object);
  const written = textAt(object, ['spec', 'type'], report);
  const type = serviceTypes.find((known) => known === written) ?? 'ClusterIP';
  const annotations = labelsAt(object, ['metadata', 'annotations'], report);
  const headless = textAt(object, ['spec', 'clusterIP'], report) === 'None';
  return {
    cluster,
    namespace,
    name: object.name,
    type,
    headless,
    hasVip: !headless && type !== 'ExternalName',
    host: `${object.name}.${namespace}.svc.${clusterDomain}`,
    selector: selectorOf(object, report),
    labels: labelsAt(object, ['metadata', 'labels'], report),
    annotations,
    exportTo: exportsOf(annotations) ?? exportedByDefault(istio.defaultServiceExportTo),
    ports: itemsAt(object, ['spec', 'ports'], report).flatMap((port) => readServicePort(object, port, report)),
    object,
  };
}

function exportsOf(annotations: Labels): Service['exportTo'] {
  const written = annotations[annotation.exportTo] ?? '';
  return written === '' ? undefined : written.split(',').map((each) => each.trim());
}

/** Kubernetes takes an empty selector for none. */
function selectorOf(object: ManifestObject, report: Report): Labels | undefined {
  const selector = labelsAt(object, ['spec', 'selector'], report);
  return Object.keys(selector).length === 0 ? undefined : selector;
}

function readServicePort(object: ManifestObject, path: Path, report: Report): readonly ServicePort[] {
  const number = integerAt(object, [...path, 'port'], report);
  if (number === undefined) return [];
  const name = textAt(object, [...path, 'name'], report);
  const transport = transportOf(textAt(object, [...path, 'protocol'], report));
  const appProtocol = textAt(object, [...path, 'appProtocol'], report);
  const targetPort = portAt(object, [...path, 'targetPort'], report) ?? number;
  return [{ name, number, targetPort, transport, ...portProtocol({ number, transport, name, appProtocol }) }];
}

/** Reads a ServiceEntry alone, likewise. */
export function readServiceEntry(
  { name: cluster, istio }: ClusterSettings,
  object: ManifestObject,
  report: Report,
): ServiceEntryDraft {
  const exportTo = textsAt(object, ['spec', 'exportTo'], report);
  return {
    cluster,
    namespace: namespaceOf(object),
    name: object.name,
    hosts: textsAt(object, ['spec', 'hosts'], report),
    exportTo: exportTo.length > 0 ? exportTo : exportedByDefault(istio.defaultServiceExportTo),
    ports: itemsAt(object, ['spec', 'ports'], report).flatMap((port) => readEntryPort(object, port, report)),
    object,
  };
}

/** A ServiceEntry names its protocol outright; the name of the port says nothing. */
function readEntryPort(object: ManifestObject, path: Path, report: Report): readonly ServicePort[] {
  const number = integerAt(object, [...path, 'number'], report);
  if (number === undefined) return [];
  const name = textAt(object, [...path, 'name'], report);
  const appProtocol = textAt(object, [...path, 'protocol'], report);
  const targetPort = integerAt(object, [...path, 'targetPort'], report) ?? number;
  const found = portProtocol({ number, transport: 'TCP', name: undefined, appProtocol });
  const because = found.because === 'appProtocol' ? 'protocol' : found.because;
  return [{ name, number, targetPort, transport: 'TCP', ...found, because }];
}
