import type { ManifestObject } from '../../../parse/document.js';
import type { Destination } from '../../../resolve/resolved.js';

export function homeOf({ namespace }: ManifestObject): string {
  return namespace ?? 'default';
}

/** Whether a host that an object names is a Service's: in full, or its short name in the object's own namespace. */
export function namesService(
  object: ManifestObject,
  host: unknown,
  { service, name, namespace }: Destination,
): boolean {
  return host === service?.host || (host === name && homeOf(object) === namespace);
}

/** Whether a host with a wildcard in front takes in another host. */
export function matchesHost(pattern: unknown, host: string): boolean {
  return typeof pattern === 'string' && pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

/** Whether an object of Istio's networking API is exported to a namespace; without `exportTo` it is to all. */
export function isVisibleIn(object: ManifestObject, namespace: string): boolean {
  const { exportTo } = Object(object.value.spec);
  const targets: unknown[] = Array.isArray(exportTo) && exportTo.length > 0 ? exportTo : ['*'];
  return targets.some(
    (target) => target === '*' || target === namespace || (target === '.' && homeOf(object) === namespace),
  );
}
