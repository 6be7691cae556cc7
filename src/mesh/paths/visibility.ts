import type { Service } from '../../topology/model.js';
import type { MeshCluster } from '../mesh.js';

/** Whether the proxies of a namespace know a Service: its annotation may say to which it is exported. */
export function isVisible(
  { exportTo, namespace: home }: Pick<Service, 'exportTo' | 'namespace'>,
  namespace: string | undefined,
): boolean {
  if (exportTo === undefined || exportTo.includes('*')) return true;
  if (exportTo.includes('~') || namespace === undefined) return false;
  return exportTo.includes(namespace) || (exportTo.includes('.') && namespace === home);
}

/** The namespaces whose proxies may treat a Service in another way than those of all others; none where all are alike. */
export function namespacesTellingApart(
  { tlsSettings, rootNamespace }: MeshCluster,
  service: Service,
): readonly string[] {
  const settings = tlsSettings.get(service.host) ?? [];
  const { exportTo = [] } = service;
  if (settings.length + exportTo.length === 0) return [];
  const named = settings.flatMap((setting) => [setting.namespace, ...setting.exportTo]);
  return [service.namespace, rootNamespace, ...exportTo, ...named];
}
