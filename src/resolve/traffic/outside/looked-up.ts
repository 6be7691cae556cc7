import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import type { Cluster } from '../../../topology/model.js';

/** What settings of a host ask for beside its ports. */
type Asked = Pick<TrafficSettings, 'scope' | 'ports'> & Partial<Pick<TrafficSettings, 'fields'>>;

/**
 * Whether the names within a wildcard are looked up as they are asked for. Waypoints do so for HTTP, without a choice of
 * addresses and without TLS of their own, and a host that none stands before is known to nobody then (T-85, T-48). Sidecars do
 * from 1.30 on, and go on to the address that was asked for where they are told nothing of names.
 */
export function isLookedUpByName({ scope, ports, fields = [] }: Asked, cluster: Pick<Cluster, 'workloads'>): boolean {
  if (!scope.reference.startsWith('*')) return false;
  const isHttp = ports.every(({ declared }) => declared?.protocol.value === 'HTTP');
  const isPlain = ports.every(({ settings }) => Object.keys(settings).length === 0);
  const asked = fields.map(({ value }) => value).filter((field) => !beside.has(field));
  const isKept = asked.length > 0 && asked.every((field) => keptByName.has(field));
  const planes = new Set([...cluster.workloads.values()].map(({ mode }) => mode.plane));
  return isHttp && isPlain && isKept && planes.has('ambient') && !planes.has('sidecar');
}

const beside: ReadonlySet<string> = new Set(['ports', 'exportTo']);

const keptByName: ReadonlySet<string> = new Set(['timeout', 'retries', 'routes', 'unmatched', 'connections']);
