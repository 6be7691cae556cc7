import type { Workload } from '../../topology/model.js';

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
} as const;

/** Served by the proxy itself, beside every policy: metrics, health, and the merged metrics of the application (§2.8). */
const ownPorts: ReadonlySet<number> = new Set([15020, 15021, 15090]);

/** Whether the sidecar stands before a port of its pod, for connections that do not come by HBONE. */
export function inboundCapture(workload: Workload, port: number): Capture {
  const doubt = doubtAboutProxy(workload);
  if (doubt !== undefined) return { doubt };
  if (ownPorts.has(port)) return false;
  const { annotations } = workload;
  const included = annotations[annotation.includeInboundPorts] ?? '*';
  // A list that includes ports is all that counts; the other list takes ports away from "all".
  if (included.trim() !== '*') return listsPort(included, port);
  return !listsPort(annotations[annotation.excludeInboundPorts] ?? '', port);
}

/** The annotation that takes a port of the pod away from its sidecar, if one does. */
export function excludingAnnotation(workload: Workload, port: number): string | undefined {
  if (inboundCapture(workload, port) !== false || ownPorts.has(port)) return undefined;
  const isListed = workload.annotations[annotation.includeInboundPorts] !== undefined;
  return isListed ? annotation.includeInboundPorts : annotation.excludeInboundPorts;
}

/** Whether the sidecar of a caller takes what the pod sends to a port. */
export function outboundCapture(workload: Workload, port: number): Capture {
  const doubt = doubtAboutProxy(workload);
  if (doubt !== undefined) return { doubt };
  const { annotations } = workload;
  if (listsPort(annotations[annotation.excludeOutboundPorts] ?? '', port)) return false;
  if (listsPort(annotations[annotation.includeOutboundPorts] ?? '', port)) return true;
  const excluded = annotations[annotation.excludeOutboundRanges] ?? '';
  const included = (annotations[annotation.includeOutboundRanges] ?? '*').trim();
  if (included === '') return false;
  if (excluded.trim() !== '') return { doubt: doubtOf(workload, annotation.excludeOutboundRanges) };
  return included === '*' || { doubt: doubtOf(workload, annotation.includeOutboundRanges) };
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
  return written.join('\n');
}

/** The annotations of a pod that leave open what its sidecar takes, in or out. */
export function openAnnotations(workload: Workload): readonly string[] {
  const { annotations } = workload;
  const excluded = (annotations[annotation.excludeOutboundRanges] ?? '').trim();
  const included = (annotations[annotation.includeOutboundRanges] ?? '*').trim();
  return [
    ...annotationsAboutProxy(workload),
    ...(excluded === '' || included === '' ? [] : [annotation.excludeOutboundRanges]),
    ...(included === '' || included === '*' ? [] : [annotation.includeOutboundRanges]),
  ];
}

/** Those that leave open whether anything is captured at all, or which proxy stands there. */
function annotationsAboutProxy({ annotations }: Workload): readonly string[] {
  const isOpen: ReadonlyArray<readonly [key: string, open: boolean]> = [
    [annotation.interceptionMode, annotations[annotation.interceptionMode]?.toUpperCase() === 'NONE'],
    [annotation.proxyConfig, /interceptionMode['"]?\s*:\s*['"]?NONE/i.test(annotations[annotation.proxyConfig] ?? '')],
    [annotation.excludeInterfaces, (annotations[annotation.excludeInterfaces] ?? '').trim() !== ''],
    [annotation.bootstrap, annotations[annotation.bootstrap] !== undefined],
    [annotation.templates, hasOtherTemplate(annotations[annotation.templates])],
  ];
  return isOpen.filter(([, open]) => open).map(([key]) => key);
}

function doubtAboutProxy(workload: Workload): string | undefined {
  const [key] = annotationsAboutProxy(workload);
  return key === undefined ? undefined : doubtOf(workload, key);
}

function hasOtherTemplate(templates = 'sidecar'): boolean {
  return templates.split(',').some((template) => template.trim() !== 'sidecar');
}

function doubtOf({ kind, namespace, name, annotations }: Workload, key: string): string {
  return `what the sidecar takes: annotation \`${key}: ${annotations[key]?.trim()}\` of ${kind} ${namespace}/${name}`;
}

/** `*` lists every port. */
function listsPort(list: string, port: number): boolean {
  return list.split(',').some((item) => item.trim() === '*' || item.trim() === String(port));
}
