import type { ServicePort } from './model.js';

/** Whether a port is declared to carry TLS of the clients’ own, which proxies pass on. */
export function isTlsPort({ protocol }: Pick<ServicePort, 'protocol'>): boolean {
  return protocol === 'https' || protocol === 'tls';
}
