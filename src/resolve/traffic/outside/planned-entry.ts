import type { Document, JsonObject, ManifestObject } from '../../../parse/document.js';
import type { PortEndpoints } from '../../../parse/traffic/endpoints.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { sortBy } from '../../../util/order.js';

/** What settings say of a host itself, by which it can be made known. */
export type SaidHost = Pick<TrafficSettings, 'scope' | 'ports' | 'outside'> & Partial<Pick<TrafficSettings, 'fields'>>;

/** What of a cluster decides how a host is made known there. */
export interface EntryPlace {
  /** Whether what says nothing of it is hidden from other namespaces. */
  readonly isHidden: boolean;
  /** Whether a waypoint looks up the names within a wildcard. */
  readonly isLookedUp: boolean;
}

/** The ServiceEntry by which settings make a host known, as it will be written: every place of it is that of the host. */
export function plannedEntry(settings: SaidHost, namespace: string, place: EntryPlace): ManifestObject {
  const { reference: host, span } = settings.scope;
  const name = host.replace(/^\*/, 'any');
  const [apiVersion, kind] = ['networking.istio.io/v1', 'ServiceEntry'];
  const value = { apiVersion, kind, metadata: { name, namespace }, spec: specOf(settings, place) };
  const document: Document = {
    file: span.file,
    start: span.start,
    end: span.end,
    value,
    spanOf: () => span,
    pathOf: () => [],
    extentOf: () => span,
  };
  return { document, path: [], apiVersion, kind, name, namespace, value };
}

function specOf({ scope, ports, outside: { addresses } }: SaidHost, { isHidden, isLookedUp }: EntryPlace): JsonObject {
  const declared = sortBy(ports, ({ port }) => Number(port.value));
  return {
    hosts: [scope.reference],
    location: 'MESH_EXTERNAL',
    ports: declared.flatMap(portOf),
    resolution: isLookedUp ? 'DYNAMIC_DNS' : resolutionOf(scope.reference, addresses.length > 0),
    ...(addresses.length > 0 && {
      // By these a sidecar and ztunnel know connections to it, whatever name they were looked up by (F-43).
      addresses: addresses.map(({ value }) => value),
      endpoints: addresses.map(({ value }) => ({ address: value })),
    }),
    ...(isHidden && { exportTo: ['*'] }),
  };
}

/** What has a wildcard cannot be looked up: clients choose the address. */
function resolutionOf(host: string, hasAddresses: boolean): string {
  if (hasAddresses) return 'STATIC';
  return host.startsWith('*') ? 'NONE' : 'DNS';
}

function portOf({ port: { value }, declared }: PortEndpoints): JsonObject[] {
  if (declared === undefined || typeof value !== 'number') return [];
  const { protocol, targetPort } = declared;
  return [
    {
      number: value,
      name: `${protocol.value.toLowerCase()}-${value}`,
      protocol: protocol.value,
      ...(targetPort && { targetPort: targetPort.value }),
    },
  ];
}
