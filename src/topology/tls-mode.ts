import { label } from './labels.js';
import type { Cluster, Service, Workload } from './model.js';

/**
 * What clients take a pod to speak: `istio`, the mutual TLS of sidecars. The injector labels pods so, unless they have
 * the label already (E-07).
 */
export function labelledTlsMode({ labels, mode }: Workload): string {
  return labels[label.tlsMode] ?? (mode.plane === 'sidecar' ? 'istio' : 'disabled');
}

/** Whether a sidecar takes every pod behind a headless Service for one that speaks mutual TLS (istio-security §4.5). */
export function allSpeakMutualTls(
  { workloads }: Pick<Cluster, 'workloads'>,
  service: Pick<Service, 'workloads'>,
): boolean {
  const behind = service.workloads.flatMap((key) => workloads.get(key) ?? []);
  return behind.length > 0 && behind.every(speaksMutualTls);
}

export function speaksMutualTls(workload: Workload): boolean {
  return labelledTlsMode(workload) !== 'disabled';
}
