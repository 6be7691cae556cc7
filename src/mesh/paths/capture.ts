import type { Path } from '../../parse/document.js';
import { templatesOf } from '../../topology/injection.js';
import type { Workload } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { oncePerObject } from '../../util/once.js';
import { isOpenConfig } from '../doubts/proxy-config.js';
import { senderAsProxy } from './proxy-user.js';

/**
 * Whether the proxy of a pod takes the traffic of a port (§2.8): certain, or the annotation that leaves it open.
 * Source: istio-iptables (istio/istio tools/istio-iptables/pkg/capture/run.go) and the injection template.
 */
export type Capture = boolean | { readonly doubt: string };

const annotation = {
  includeInboundPorts: 'traffic.sidecar.istio.io/includeInboundPorts',
  excludeInboundPorts: 'traffic.sidecar.istio.io/excludeInboundPorts',
  includeOutboundPorts: 'traffic.sidecar.istio.io/includeOutboundPorts',
  excludeOutboundPorts: 'traffic.sidecar.istio.io/excludeOutboundPorts',
  includeOutboundRanges: 'traffic.sidecar.istio.io/includeOutboundIPRanges',
  excludeOutboundRanges: 'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  excludeInterfaces: 'traffic.sidecar.istio.io/excludeInterfaces',
  interceptionMode: 'sidecar.istio.io/interceptionMode',
  proxyConfig: 'proxy.istio.io/config',
  templates: 'inject.istio.io/templates',
  bootstrap: 'sidecar.istio.io/bootstrapOverride',
  discoveryAddress: 'sidecar.istio.io/discoveryAddress',
  reroutedInterfaces: 'istio.io/reroute-virtual-interfaces',
  kubevirtInterfaces: 'traffic.sidecar.istio.io/kubevirtInterfaces',
  statusPort: 'status.sidecar.istio.io/port',
} as const;

/** Served by the proxy itself, beside every policy: health and metrics (§2.8). */
const ownPorts: readonly number[] = [15021, 15090];

/** Where the agent of a proxy answers, also with the merged metrics of the application. */
const statusPort = 15020;

/** The ports of a pod that its sidecar serves itself, to anybody. */
export function proxyPorts({ mode, annotations }: Workload): readonly number[] {
  if (mode.plane !== 'sidecar') return [];
  const status = Number(annotations[annotation.statusPort] ?? statusPort);
  return status > 0 ? [status, ...ownPorts] : ownPorts;
}

/** Whether the sidecar stands before a port of its pod, for connections that do not come by HBONE. */
export function inboundCapture(workload: Workload, port: number): Capture {
  const doubt = doubtAboutProxy(workload);
  if (doubt !== undefined) return { doubt };
  if (proxyPorts(workload).includes(port)) return false;
  const { annotations } = workload;
  const included = annotations[annotation.includeInboundPorts] ?? '*';
  // A list that includes ports is all that counts; the other list takes ports away from "all".
  if (included.trim() !== '*') return listsPort(included, port);
  return !listsPort(annotations[annotation.excludeInboundPorts] ?? '', port);
}

/** The annotation that takes a port of the pod away from its sidecar, if one does. */
export function excludingAnnotation(workload: Workload, port: number): string | undefined {
  if (inboundCapture(workload, port) !== false || proxyPorts(workload).includes(port)) return undefined;
  const isListed = workload.annotations[annotation.includeInboundPorts] !== undefined;
  return isListed ? annotation.includeInboundPorts : annotation.excludeInboundPorts;
}

/** Whether the sidecar of a caller takes what the pod sends to a port. */
export function outboundCapture(workload: Workload, port: number): Capture {
  const doubt = doubtAboutProxy(workload);
  if (doubt !== undefined) return { doubt };
  const sender = senderAsProxy(workload);
  if (sender !== undefined) return sender.all ? false : { doubt: doubtOf(workload, sender.what) };
  const { annotations } = workload;
  if (listsPort(annotations[annotation.excludeOutboundPorts] ?? '', port)) return false;
  if (listsPort(annotations[annotation.includeOutboundPorts] ?? '', port)) return true;
  const excluded = annotations[annotation.excludeOutboundRanges] ?? '';
  const included = (annotations[annotation.includeOutboundRanges] ?? '*').trim();
  if (included === '') return false;
  if (excluded.trim() !== '') return { doubt: doubtAboutAnnotation(workload, annotation.excludeOutboundRanges) };
  return included === '*' || { doubt: doubtAboutAnnotation(workload, annotation.includeOutboundRanges) };
}

/** All that says of a pod what its sidecar takes out of it: pods that have it in common send alike; empty where it takes all. */
export function outboundKey(workload: Workload): string {
  const { annotations } = workload;
  const { includeOutboundPorts, excludeOutboundPorts, includeOutboundRanges, excludeOutboundRanges } = annotation;
  const lists = [includeOutboundPorts, excludeOutboundPorts, includeOutboundRanges, excludeOutboundRanges];
  const written = [...lists, ...annotationsAboutProxy(workload)].flatMap((key) => {
    const value = annotations[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  const sender = senderAsProxy(workload);
  return [...written, ...(sender === undefined ? [] : [`${sender.what} ${sender.all}`])].join('\n');
}

/** What a pod says that leaves open what its sidecar takes, in or out. */
export interface OpenSetting {
  readonly path: Path;
  readonly what: string;
}

export function openSettings(workload: Workload): readonly OpenSetting[] {
  const { annotations, kind } = workload;
  const excluded = (annotations[annotation.excludeOutboundRanges] ?? '').trim();
  const included = (annotations[annotation.includeOutboundRanges] ?? '*').trim();
  const keys = [
    ...annotationsAboutProxy(workload),
    ...(excluded === '' || included === '' ? [] : [annotation.excludeOutboundRanges]),
    ...(included === '' || included === '*' ? [] : [annotation.includeOutboundRanges]),
  ];
  const ofPod = podPath(kind);
  const sender = senderAsProxy(workload);
  return [
    ...keys.map((key) => ({ path: [...ofPod, 'metadata', 'annotations', key], what: `annotation \`${key}\`` })),
    ...(sender === undefined || sender.all ? [] : [{ path: sender.path, what: `\`${sender.what}\`` }]),
  ];
}

/** Those that leave open whether anything is captured at all, or which proxy stands there. */
const annotationsAboutProxy = oncePerObject(({ annotations }: Workload): readonly string[] => {
  const says = (key: string) => (annotations[key] ?? '').trim() !== '';
  const isOpen: ReadonlyArray<readonly [key: string, open: boolean]> = [
    [annotation.interceptionMode, annotations[annotation.interceptionMode]?.toUpperCase() === 'NONE'],
    [annotation.proxyConfig, says(annotation.proxyConfig) && isOpenConfig(annotations[annotation.proxyConfig] ?? '')],
    [annotation.excludeInterfaces, says(annotation.excludeInterfaces)],
    [annotation.reroutedInterfaces, says(annotation.reroutedInterfaces)],
    [annotation.kubevirtInterfaces, says(annotation.kubevirtInterfaces)],
    [annotation.discoveryAddress, says(annotation.discoveryAddress)],
    [annotation.bootstrap, annotations[annotation.bootstrap] !== undefined],
    [annotation.templates, templatesOf({ annotations }).some((template) => template !== 'sidecar')],
  ];
  return isOpen.filter(([, open]) => open).map(([key]) => key);
});

function doubtAboutProxy(workload: Workload): string | undefined {
  const [key] = annotationsAboutProxy(workload);
  return key === undefined ? undefined : doubtAboutAnnotation(workload, key);
}

function doubtAboutAnnotation(workload: Workload, key: string): string {
  return doubtOf(workload, `annotation \`${key}: ${workload.annotations[key]?.trim()}\``);
}

function doubtOf({ kind, namespace, name }: Workload, setting: string): string {
  return `what the sidecar takes: ${setting} of ${kind} ${namespace}/${name}`;
}

/** The ports that a pod names among those that its sidecar takes, or leaves. */
export function listedInboundPorts({ annotations }: Workload): readonly number[] {
  const lists = [annotation.includeInboundPorts, annotation.excludeInboundPorts].map((key) => annotations[key] ?? '');
  return lists.flatMap((list) => list.split(',').map(Number)).filter((port) => port > 0);
}

/** `*` lists every port. */
function listsPort(list: string, port: number): boolean {
  return list.split(',').some((item) => item.trim() === '*' || item.trim() === String(port));
}
