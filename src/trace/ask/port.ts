import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import {
  type Cluster,
  keyOf,
  type Service,
  type ServiceEntry,
  type ServicePort,
  targetPortOf,
  type Workload,
} from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import { suggest } from '../../util/suggest.js';

/** A Service's port by its number or name; a Service with one port needs neither. */
export function servicePortNamed(service: Service, written: string | undefined): number | Diagnostic {
  const ports = service.ports.filter(({ transport }) => transport === 'TCP');
  return portNamed(keyOf(service), ports, written);
}

/** Likewise of a ServiceEntry, for one of its hosts. */
export function entryPortNamed(
  { ports }: ServiceEntry,
  host: string,
  written: string | undefined,
): number | Diagnostic {
  return portNamed(host, ports, written);
}

function portNamed(owner: string, ports: readonly ServicePort[], written: string | undefined): number | Diagnostic {
  const [only, ...others] = ports;
  if (written === undefined && only !== undefined && others.length === 0) return only.number;
  const port = ports.find(({ number, name }) => String(number) === written || name === written);
  return port?.number ?? wrongPort(owner, written, ports.map(labelOf));
}

/**
 * A port that pods listen on: a number as it stands, the name of a container's port, or the name of a Service's port,
 * which stands for the port that it leads to.
 */
export function podPortNamed(cluster: Cluster, workload: Workload, written: string | undefined): number | Diagnostic {
  if (written !== undefined && /^\d+$/.test(written) && Number(written) <= 65535) return Number(written);
  const own = workload.ports.find(({ name }) => name === written && name !== undefined);
  if (own !== undefined) return own.number;
  const fronts = workload.services.flatMap((key) => cluster.services.get(key)?.ports ?? []);
  const led = fronts.filter(({ name }) => name === written && name !== undefined);
  const targets = new Set(led.flatMap((port) => targetPortOf(port, workload) ?? []));
  const [target, ...others] = targets;
  if (target !== undefined && others.length === 0) return target;
  const labels = workload.ports.map(({ number, name }) => name ?? String(number));
  return wrongPort(keyOf(workload), written, sortedUnique([...labels, ...fronts.flatMap(({ name }) => name ?? [])]));
}

function labelOf({ name, number }: ServicePort): string {
  return name ?? String(number);
}

function wrongPort(name: string, written: string | undefined, known: readonly string[]): Diagnostic {
  const ports = known.map((port) => `\`${port}\``).join(', ') || 'none';
  if (written === undefined || written === '') {
    return diagnostic('port-missing', { name, ports, example: `${name}:${known[0] ?? '80'}` }, null);
  }
  const [near] = suggest(written, known);
  const help = near === undefined ? `its ports are ${ports}` : `did you mean \`${near}\`? its ports are ${ports}`;
  return diagnostic('no-such-port', { name, port: written }, null, { help });
}
