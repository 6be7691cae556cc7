import type { EndpointSettings } from '../../../parse/traffic/endpoints.js';
import type { ResolvedEndpoints } from '../../resolved-traffic.js';

/** TLS to a host asks for it by its name, and takes no certificate of another, unless settings say otherwise. */
export function withNamesInTls({ whole, ports }: ResolvedEndpoints, host: string): ResolvedEndpoints {
  if (host.startsWith('*')) return { whole, ports };
  return {
    whole: named(whole, host),
    ports: ports.map(({ port, settings }) => ({ port, settings: named(settings, host) })),
  };
}

function named({ tls, ...settings }: EndpointSettings, host: string): EndpointSettings {
  if (tls === undefined) return settings;
  const names = tls.insecureSkipVerify ? {} : { subjectAltNames: [tls.serverName ?? host] };
  return { ...settings, tls: { serverName: host, ...names, ...tls } };
}
