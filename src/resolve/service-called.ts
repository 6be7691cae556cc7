import type { Service } from '../topology/model.js';
import type { ResolveContext } from './context.js';

/**
 * The Service of the mesh that clients get who ask for a host: by its whole name, or by a shorter one that their DNS
 * completes. The name alone means the one of the client's own namespace.
 */
export function serviceCalled(
  { topology }: Pick<ResolveContext, 'topology'>,
  host: string,
  namespaces: ReadonlySet<string>,
): Service | undefined {
  const isCalled = ({ name, namespace, host: whole }: Service) =>
    [whole, `${name}.${namespace}`, `${name}.${namespace}.svc`].includes(host) ||
    (host === name && namespaces.has(namespace));
  for (const { services } of topology.clusters)
    for (const service of services.values()) if (isCalled(service)) return service;
  return undefined;
}
