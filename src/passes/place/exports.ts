import { exportedByDefault } from '../../topology/default-exports.js';
import type { Cluster } from '../../topology/model.js';

/** What has to be written in an object for every proxy to know it: nothing, unless the mesh exports less by default. */
export const exportedToAll = {
  VirtualService: ({ settings }: Pick<Cluster, 'settings'>): readonly string[] =>
    exportedByDefault(settings.istio.defaultVirtualServiceExportTo) === undefined ? [] : ['*'],
  /** A default that istiod does not know is for all (istio-security §9.4). */
  DestinationRule: ({ settings }: Pick<Cluster, 'settings'>): readonly string[] =>
    settings.istio.defaultDestinationRuleExportTo.includes('.') ? ['*'] : [],
};

/** Whether what says nothing of it is unknown to the proxies of some namespaces. */
export function isHiddenByDefault(
  { settings }: Pick<Cluster, 'settings'>,
  home: string,
  viewers: readonly string[],
): boolean {
  const exported = exportedByDefault(settings.istio.defaultVirtualServiceExportTo);
  if (exported === undefined) return false;
  return !exported.includes('.') || viewers.some((viewer) => viewer !== home);
}

/** Whether what an object of a namespace says to whom it is exported means another one; nothing means all. */
export function isExportedTo(exportTo: readonly string[] | undefined, home: string, namespace: string): boolean {
  if (exportTo === undefined || exportTo.length === 0 || exportTo.includes('*')) return true;
  if (exportTo.includes('~')) return false;
  return exportTo.includes(namespace) || (exportTo.includes('.') && home === namespace);
}
