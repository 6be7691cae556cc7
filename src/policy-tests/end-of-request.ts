import type { Decision } from '../mesh/decide/decision.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Destination } from '../mesh/request.js';
import { keyOf } from '../topology/model.js';

/** Where a request ends, under all the names that a test may use for it. */
export interface End {
  /** The Service and the workload, or the host. */
  readonly names: readonly string[];
  /** Of the pods that it reaches, the most telling first. */
  readonly versions: readonly string[];
  /** In words. */
  readonly shown: string;
}

export function endOf(mesh: Mesh, { request, onward, way, endsAt }: Decision): End {
  const { destination } = onward ?? request;
  if (way?.end.kind === 'external') return named(way.end.named.host);
  if (destination.kind === 'external') {
    if (endsAt === undefined || way?.end.kind !== 'pods') return named(destination.host);
    const service = keyOf(way.end.service);
    return { names: [service, endsAt], versions: [], shown: `${endsAt} by ${service}` };
  }
  if (destination.kind === 'gateway') return named(`gateway:${destination.gateway}`, destination.gateway);
  const service = way?.end.kind === 'pods' ? keyOf(way.end.service) : serviceIn(destination);
  const { workload } = destination;
  const names = [...(service === undefined ? [] : [service]), workload];
  const shown = service === undefined || service === workload ? workload : `${workload} by ${service}`;
  return { names, versions: versionsOf(mesh, destination, way, service), shown };
}

function named(...names: readonly string[]): End {
  return { names, versions: [], shown: names[0] ?? '' };
}

function serviceIn(destination: Destination): string | undefined {
  return destination.kind === 'service' ? destination.service : undefined;
}

/**
 * A version has the name that a route calls it by, the label of its pods, and that of its own Service, which may begin with
 * the name of the Service that was addressed.
 */
function versionsOf(
  { clusters }: Mesh,
  destination: Extract<Destination, { kind: 'service' | 'pod' }>,
  way: Decision['way'],
  service: string | undefined,
): readonly string[] {
  const labels = clusters.get(destination.cluster)?.cluster.workloads.get(destination.workload)?.labels ?? {};
  const subset = (way?.behind?.leg ?? way?.client)?.destination?.subset;
  const [addressed, end] = [serviceIn(destination), service].map((key) => key?.split('/')[1] ?? '');
  const prefix = `${addressed}-`;
  const ofService = end === undefined || end === addressed ? [] : [end, ...(service === undefined ? [] : [service])];
  return [
    ...(subset === undefined ? [] : [subset]),
    ...[labels.version, labels['app.kubernetes.io/version']].filter((label) => label !== undefined),
    ...ofService,
    ...ofService.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  ];
}
