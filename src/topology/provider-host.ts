import type { ProviderService } from '../parse/mesh.js';

/** The host that proxies ask, as the MeshConfig has it. */
export function providerHost(service: ProviderService, clusterDomain: string): string {
  if ('host' in service) return service.host;
  const [namespace, name] = service.name.split('/');
  return `${name}.${namespace}.svc.${clusterDomain}`;
}
