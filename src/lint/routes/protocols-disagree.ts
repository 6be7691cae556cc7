import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import {
  type Cluster,
  keyOf,
  type Service,
  type ServicePort,
  targetPortOf,
  type Workload,
} from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

interface Declared {
  readonly service: Service;
  readonly port: ServicePort;
  readonly index: number;
}

/**
 * Two Services that say of one port of the same pods that it carries requests, and bytes: the sidecar listens as the oldest
 * of them says, and policies see requests or do not (T-54).
 */
export function protocolsDisagree({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap(({ cluster }) => {
    const said = new Set<string>();
    return [...cluster.workloads.values()]
      .filter(({ mode, services }) => mode.plane === 'sidecar' && services.length > 1)
      .flatMap((workload) =>
        pairsAt(cluster, workload).flatMap(([first, second]) => {
          const key = [first, second].map(({ service, port }) => `${keyOf(service)}:${port.number}`).join(' ');
          if (said.has(key)) return [];
          said.add(key);
          return [finding(workload, first, second)];
        }),
      );
  });
}

function pairsAt(cluster: Cluster, workload: Workload): ReadonlyArray<readonly [Declared, Declared]> {
  const declared = workload.services.flatMap((key) => {
    const service = cluster.services.get(key);
    return service === undefined ? [] : service.ports.map((port, index) => ({ service, port, index }));
  });
  return declared.flatMap((second, position) => {
    const number = targetPortOf(second.port, workload);
    const first = declared
      .slice(0, position)
      .find(
        ({ port, service }) =>
          service !== second.service && targetPortOf(port, workload) === number && isApart(port, second.port),
      );
    return first === undefined || number === undefined ? [] : [[first, second] as const];
  });
}

function isApart(left: ServicePort, right: ServicePort): boolean {
  return left.transport === 'TCP' && right.transport === 'TCP' && left.layer !== right.layer;
}

function finding(workload: Workload, first: Declared, second: Declared): Diagnostic {
  const { service, port, index } = second;
  const parameters = {
    workload: keyOf(workload),
    number: targetPortOf(port, workload) ?? port.number,
    service: keyOf(service),
    protocol: port.protocol,
    other: keyOf(first.service),
    second: first.port.protocol,
  };
  return diagnostic('protocols-disagree', parameters, spanIn(service.object, ['spec', 'ports', index]), {
    ...lawsOf(
      'a sidecar listens once at a port, as the oldest Service says (istio-traffic-topology T-54)',
      'no request shows it: manifests do not tell which Service is the oldest',
    ),
  });
}
