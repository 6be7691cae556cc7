import type { Recall } from '../util/memory.js';
import { bindService, bindServiceEntry, bindWorkloads, byKey } from './bind-objects.js';
import { type Bindings, textOfBinding } from './binding.js';
import type { Drafts, RunningDrafts } from './drafts.js';
import { joinEndpoints, type Leading } from './endpoints.js';
import type { Cluster } from './model.js';
import { lasting, type Reading } from './reading.js';

/** What stands in a namespace. */
export type Standing = Pick<Cluster, 'services' | 'workloads' | 'serviceEntries'>;

/**
 * Joins what stands in a namespace to one another and to its waypoints; `listed` are the workloads that EndpointSlices list, by
 * Services, and `across` the Services of other namespaces that lead here.
 */
export function joinDrafts(
  place: string,
  { running, ...drafted }: Drafts,
  listed: ReadonlyMap<string, readonly string[]>,
  across: readonly Leading[],
  bindings: Bindings,
  { recall, report }: Reading,
): Standing {
  const endpointsOf = joinEndpoints(running.workloads, listed);
  const services = byKey(drafted.services.map((draft) => bindService(draft, endpointsOf(draft), bindings)));
  const own = [...services].flatMap(([service, { workloads: behind }]) =>
    behind.map((workload): Leading => ({ service, workload })),
  );
  const serviceEntries = byKey(drafted.serviceEntries.map((draft) => bindServiceEntry(draft, bindings, report)));
  // Before and after waypoints are there the same object is bound in two ways, one as lasting as the other.
  return {
    services: lasting(recall, 'Services of', place, services, ({ object, binding }) => [
      object,
      textOfBinding(binding),
    ]),
    workloads: joinRunning(place, running, [...own, ...across], bindings, recall),
    serviceEntries: lasting(recall, 'ServiceEntries of', place, serviceEntries, ({ object, binding }) => [
      object,
      textOfBinding(binding),
    ]),
  };
}

/** Joins the workloads of a namespace to the Services that lead to them, and to their waypoints. */
function joinRunning(
  place: string,
  running: RunningDrafts,
  leading: readonly Leading[],
  bindings: Bindings,
  recall: Recall,
): Standing['workloads'] {
  const { namespaces, waypoints } = bindings;
  const inputs = [
    running,
    ...namespaces.values(),
    ...leading.map(({ service, workload }) => `${service} ${workload}`),
    ...running.claims.map((key) => waypoints.get(key)),
  ];
  return recall('what runs in', place, inputs, () =>
    lasting(
      recall,
      'workloads of',
      place,
      bindWorkloads(running.workloads, leading, bindings),
      ({ object, pods, binding, services }) => [object, textOfBinding(binding), services.join(), ...pods],
    ),
  );
}
