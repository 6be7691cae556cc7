import { groupBy, sortBy } from '../util/order.js';
import { type Bindings, bind } from './binding.js';
import type { Leading } from './endpoints.js';
import { labelsAt, type Report } from './fields.js';
import { label } from './labels.js';
import { isMachine, type Labels, type Service, type ServiceEntry, type Workload } from './model.js';
import type { ServiceDraft, ServiceEntryDraft } from './read-services.js';
import type { WorkloadDraft } from './read-workloads.js';

/** Joins a Service to its workloads and to its waypoint. */
export function bindService(draft: ServiceDraft, workloads: readonly string[], bindings: Bindings): Service {
  const { namespace, labels, hasVip } = draft;
  // The Services of waypoints and east-west gateways are never given a waypoint themselves (W-18).
  const own = labels[label.managed] !== undefined;
  const bindable = { kind: 'Service', namespace, labels, addressedAs: 'service', hasVip } as const;
  return {
    ...draft,
    workloads,
    binding: own ? { kind: 'unlabelled' } : bind(bindable, bindings),
    ingressUsesWaypoint: ingressUsesWaypoint(labels, bindings.namespaces.get(namespace)?.labels ?? {}),
  };
}

/** The object's own label wins over its namespace's, whatever it says (W-60). */
function ingressUsesWaypoint(own: Labels, namespace: Labels): boolean {
  return (own[label.ingressUseWaypoint] ?? namespace[label.ingressUseWaypoint])?.toLowerCase() === 'true';
}

/** A ServiceEntry is given a virtual IP by istiod, so that it can be addressed as a service (T-82). */
export function bindServiceEntry(draft: ServiceEntryDraft, bindings: Bindings, report: Report): ServiceEntry {
  const labels = labelsAt(draft.object, ['metadata', 'labels'], report);
  const { namespace } = draft;
  const bindable = { kind: 'ServiceEntry', namespace, labels, addressedAs: 'service', hasVip: true } as const;
  return {
    ...draft,
    binding: bind(bindable, bindings),
    ingressUsesWaypoint: ingressUsesWaypoint(labels, bindings.namespaces.get(namespace)?.labels ?? {}),
  };
}

/** Joins workloads to the Services that lead to them and to the waypoint of their pod IPs; same keys, same order. */
export function bindWorkloads(
  drafts: ReadonlyMap<string, WorkloadDraft>,
  leading: readonly Leading[],
  bindings: Bindings,
): ReadonlyMap<string, Workload> {
  const leadingTo = groupBy(
    sortBy(leading, ({ service }) => service),
    ({ workload }) => workload,
  );
  return new Map(
    [...drafts].map(([key, draft]) => {
      const services = (leadingTo.get(key) ?? []).map(({ service }) => service);
      return [key, bindWorkload(draft, services, bindings)] as const;
    }),
  );
}

function bindWorkload(draft: WorkloadDraft, services: readonly string[], bindings: Bindings): Workload {
  const kind = isMachine(draft) ? 'WorkloadEntry' : 'Pod';
  const { namespace, labels } = draft;
  const bindable = { kind, namespace, labels, addressedAs: 'workload', hasVip: true } as const;
  const isWaypoint = draft.mode.plane === 'waypoint';
  return { ...draft, services, binding: isWaypoint ? { kind: 'unlabelled' } : bind(bindable, bindings) };
}

/** Objects by `namespace/name`, sorted by it. */
export function byKey<T extends { readonly namespace: string; readonly name: string }>(
  objects: readonly T[],
): ReadonlyMap<string, T> {
  const keyed = objects.map((object) => [`${object.namespace}/${object.name}`, object] as const);
  return new Map(sortBy(keyed, ([key]) => key));
}
