import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficSettings } from '../../parse/traffic/settings.js';
import { anyHost, coversName, nameServed } from '../../topology/listeners/admitted.js';
import type { Listener } from '../../topology/model.js';
import type { ResolveContext } from '../context.js';
import type { GatewayObject } from '../resolved-traffic.js';
import type { RouteSite } from './route-site.js';
import type { VersionsOfServices } from './versions-of-services.js';

/** Where the routes and limits of a gateway stand: which hosts and ports they may name. */
export function gatewaySite(
  context: ResolveContext,
  { hosts }: TrafficSettings,
  gateways: readonly GatewayObject[],
  versions: VersionsOfServices,
): RouteSite {
  const all = gateways.flatMap(({ listeners }) => listeners);
  const meant = hosts.length === 0 ? all : all.filter((listener) => isForSome(listener, hosts));
  const reading = meant.filter(({ reads }) => reads !== 'connections');
  return {
    namespace: gateways[0]?.namespace ?? '',
    clusters: gateways.map(({ cluster }) => cluster),
    own: [],
    ports: reading.map(({ port }) => ({ number: port, name: undefined, readsRequests: true })),
    versions,
    checkHost: ({ value, span }) => {
      if (hosts.some((host) => coversName(value, host.value))) return;
      const known = hosts.map((host) => host.value).join(', ');
      const isAny = hosts.some((host) => host.value === anyHost);
      const help = isAny && { help: `give \`${value}\` settings of its own: those go before \`*\`` };
      context.report(diagnostic('unknown-match-host', { host: value, hosts: known }, span, { ...help }));
    },
    checkPort: ({ value, span }) => {
      const ports = new Set(meant.map(({ port }) => port));
      if (typeof value === 'number' && ports.has(value)) return;
      const what = hosts.length === 0 ? '' : ' for these hosts';
      const parameters = { port: String(value), what, ports: [...ports].join(', ') || 'none' };
      context.report(diagnostic('unknown-listener-port', parameters, span));
    },
  };
}

/** A listener of connections is for names of its own. */
function isForSome({ reads, hosts: own }: Listener, hosts: TrafficSettings['hosts']): boolean {
  return (
    reads === 'connections' || own.some(({ host }) => hosts.some(({ value }) => nameServed(host, value) !== undefined))
  );
}
