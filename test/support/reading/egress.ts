import type { Mesh } from '../../../src/mesh/mesh.js';
import type { Payload, Request, Source } from '../../../src/mesh/request.js';
import type { ResolvedEgress, ResolvedEgressRule } from '../../../src/resolve/resolved-egress.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { keyOf, type ServicePort } from '../../../src/topology/model.js';
import type { Wanted } from './reading.js';
import { satisfies } from './requests.js';

/** What settings want of a call to a host outside; `undefined` for any other request, and where no settings speak of any. */
export function wantedOutside({ egress }: Resolved, { source, destination, payload }: Request): Wanted | undefined {
  if (egress.length === 0 || destination.kind !== 'external') return undefined;
  const speaking = egress.filter((settings) => speaksOf(settings, source));
  if (speaking.length === 0) return 'open';
  const rules = speaking.flatMap((settings) => settings.rules).filter((rule) => isFor(rule, source));
  const isOpened = rules.some(({ targets }) =>
    targets.some(
      ({ host, port, conditions }) =>
        host === destination.host && port === destination.port && satisfies(conditions, payload),
    ),
  );
  if (!isOpened) return 'denied';
  return source.kind === 'future' ? 'open' : 'allowed';
}

function speaksOf({ scope, workloads }: ResolvedEgress, source: Source): boolean {
  if (source.kind === 'future') return scope.kind === 'namespace' && scope.namespace === source.namespace;
  if (source.kind !== 'workload') return false;
  if (scope.kind === 'namespace') return source.workload.startsWith(`${scope.namespace}/`);
  return workloads.some((workload) => keyOf(workload) === source.workload);
}

function isFor({ callers }: ResolvedEgressRule, source: Source): boolean {
  if (callers === undefined) return true;
  return source.kind === 'workload' && callers.workloads.some((workload) => keyOf(workload) === source.workload);
}

/** A request of everybody for every host outside, where settings speak of such. */
export function requestsOutside({ egress }: Resolved, { clusters }: Mesh): readonly Request[] {
  if (egress.length === 0) return [];
  return [...clusters.values()].flatMap(({ cluster }) =>
    [...cluster.serviceEntries.values()].flatMap((entry) =>
      entry.hosts
        .filter((host) => !host.startsWith('*'))
        .flatMap((host) =>
          entry.ports.flatMap((port) =>
            [...cluster.workloads.keys()].map(
              (workload): Request => ({
                source: { kind: 'workload', cluster: cluster.name, workload },
                destination: {
                  kind: 'external',
                  cluster: cluster.name,
                  entry: keyOf(entry),
                  host,
                  port: port.number,
                },
                payload: payloadAt(port, host),
              }),
            ),
          ),
        ),
    ),
  );
}

function payloadAt({ layer }: ServicePort, host: string): Payload {
  return layer === 'tcp' ? { kind: 'tcp' } : { kind: 'http', method: 'GET', path: '/', host, headers: {} };
}
