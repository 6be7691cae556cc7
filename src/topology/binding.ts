import { matchesSelector } from './label-selector.js';
import { label } from './labels.js';
import type { Binding, Labels, Namespace, Waypoint, WaypointFor } from './model.js';

/** An object whose traffic a waypoint may govern. */
interface Bindable {
  /** `Service`, `ServiceEntry`, `Pod` or `WorkloadEntry`: what its label counts as being on. */
  readonly kind: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Which of its addresses is meant: its virtual IP and hostname, or a pod's own IP (W-13). */
  readonly addressedAs: 'service' | 'workload';
  readonly hasVip: boolean;
}

/** Where bindings lead: the namespaces and waypoints of one cluster. */
export interface Bindings {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly waypoints: ReadonlyMap<string, Waypoint>;
}

/** What one object's labels ask for. */
type Claim = { readonly kind: 'opt-out' } | { readonly kind: 'waypoint'; readonly key: string };

/** The classes of traffic that each value of `istio.io/waypoint-for` serves (W-14). */
const served: Readonly<Record<WaypointFor, readonly Bindable['addressedAs'][]>> = {
  service: ['service'],
  workload: ['workload'],
  all: ['service', 'workload'],
  none: [],
};

/** Both labels are read from one and the same object; `none` is reserved for opting out (W-05, W-10). */
function claimOf(labels: Labels, namespace: string): Claim | undefined {
  const name = labels[label.useWaypoint];
  if (name === undefined) return undefined;
  if (name === 'none') return { kind: 'opt-out' };
  return { kind: 'waypoint', key: `${labels[label.useWaypointNamespace] ?? namespace}/${name}` };
}

/** The keys of the waypoints that any labels in a namespace ask for. */
export function waypointsClaimed(labels: readonly Labels[], namespace: string): readonly string[] {
  return labels.flatMap((each) => {
    const claim = claimOf(each, namespace);
    return claim?.kind === 'waypoint' ? [claim.key] : [];
  });
}

/**
 * Which waypoint governs an object. Its own label comes first and is final: one that names a waypoint that cannot
 * serve leaves the object without any, and traffic goes straight to the pods (W-11, W-31).
 */
export function bind(object: Bindable, bindings: Bindings): Binding {
  const namespace = bindings.namespaces.get(object.namespace);
  const own = claimOf(object.labels, object.namespace);
  const claim = own ?? claimOf(namespace?.labels ?? {}, object.namespace);
  const by = own === undefined ? 'Namespace' : object.kind;
  if (claim === undefined) return { kind: 'unlabelled' };
  if (claim.kind === 'opt-out') return { kind: 'opted-out', by };
  const waypoint = bindings.waypoints.get(claim.key);
  const reason = whyNot(object, waypoint, namespace);
  return reason === undefined
    ? { kind: 'bound', waypoint: claim.key, by }
    : { kind: 'broken', waypoint: claim.key, by, reason };
}

type Reason = Extract<Binding, { kind: 'broken' }>['reason'];

function whyNot(
  object: Bindable,
  waypoint: Waypoint | undefined,
  namespace: Namespace | undefined,
): Reason | undefined {
  if (waypoint === undefined) return 'missing';
  if (waypoint.unserved !== undefined) return 'unserved';
  if (!waypoint.ready) return 'not-ready';
  if (!allowsAttachment(waypoint, object.namespace, namespace?.labels ?? {})) return 'attachment-denied';
  if (!served[waypoint.waypointFor].includes(object.addressedAs)) return 'unsupported-traffic-type';
  return object.hasVip ? undefined : 'no-vip';
}

/** Whether objects of a namespace may use a waypoint, as its listener says (W-17). */
export function allowsAttachment(waypoint: Waypoint, namespace: string, labels: Labels): boolean {
  const { from, selector } = waypoint.allowedRoutes;
  if (from === 'All') return true;
  if (from === 'Same' || selector === undefined) return waypoint.namespace === namespace;
  return matchesSelector(selector, labels);
}

/** The same text for bindings that say the same. */
export function textOfBinding(binding: Binding): string {
  return Object.values(binding).join(' ');
}
