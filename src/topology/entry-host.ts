import type { ManifestObject } from '../parse/document.js';
import type { Service, ServiceEntry } from './model.js';

/** A host of a ServiceEntry as what callers address: a Service without pods. */
export function serviceOfEntry(entry: ServiceEntry, host: string): Service {
  const { cluster, namespace, exportTo, ports, binding, ingressUsesWaypoint, object } = entry;
  return {
    cluster,
    namespace,
    name: host.replace(/^\*/, 'any'),
    type: 'ClusterIP',
    headless: false,
    hasVip: hasVirtualIp(object, host),
    host,
    selector: undefined,
    labels: {},
    annotations: {},
    ports,
    exportTo,
    workloads: [],
    binding,
    ingressUsesWaypoint,
    object,
  };
}

/** istiod gives one to what can be looked up; else clients go on to the address that they have asked for (T-82, T-85). */
function hasVirtualIp({ value }: ManifestObject, host: string): boolean {
  const { addresses, resolution = 'NONE' } = Object(value.spec);
  if (resolution === 'DYNAMIC_DNS') return true;
  return (Array.isArray(addresses) && addresses.length > 0) || !(resolution === 'NONE' || host.startsWith('*'));
}

/** Whether what callers address is the host of a ServiceEntry, and no Service of Kubernetes. */
export function isHostOfEntry({ object }: Pick<Service, 'object'>): boolean {
  return object.kind === 'ServiceEntry';
}
