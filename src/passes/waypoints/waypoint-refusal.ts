import type { WaypointPlace } from '../../resolve/waypoints/waypoint-policies.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import { type Binding, keyOf, type Service, type Waypoint } from '../../topology/model.js';
import { isExportedTo } from '../place/exports.js';

/** Why a service cannot have the waypoint that it needs, and what would change that. */
export interface WaypointRefusal {
  readonly why: string;
  readonly help: string;
}

/** An agentgateway waypoint applies none of Istio's own APIs (W-04). */
export function appliesPolicies({ className }: Waypoint): boolean {
  return className !== 'istio-agentgateway-waypoint';
}

/** A Service's labels are final: where they lead to no waypoint that could enforce anything, none is planned around them (W-11). */
export function refusalOf(
  { namespace, binding }: Service,
  bound: Waypoint | undefined,
  place: WaypointPlace,
): WaypointRefusal | undefined {
  if (bound !== undefined) {
    return {
      why: `\`${keyOf(bound)}\`, to which it is bound, is of class \`${bound.className}\` and applies no Istio policy`,
      help: 'bind it to a waypoint of class `istio-waypoint`',
    };
  }
  if (binding.kind === 'opted-out') {
    return {
      why: `label \`istio.io/use-waypoint: none\` on its ${binding.by} opts it out`,
      help: `remove the label from the ${binding.by}, or match on callers and ports only`,
    };
  }
  return binding.kind === 'broken' ? refusalOfBroken(namespace, binding, place) : undefined;
}

type Broken = Extract<Binding, { kind: 'broken' }>;

const faults: Readonly<Record<Broken['reason'], string>> = {
  missing: 'is not among the manifests',
  unserved: 'asks for a revision that no istiod has',
  'not-ready': 'is not ready',
  'attachment-denied': 'does not admit its namespace',
  'unsupported-traffic-type': 'does not serve Services',
  'no-vip': 'needs a virtual IP',
};

/**
 * A waypoint that is missing is planned in the Service's own namespace, and where the project says that it is shared;
 * any other one is not Ambit's to run.
 */
function refusalOfBroken(
  namespace: string,
  { waypoint, by, reason }: Broken,
  place: WaypointPlace,
): WaypointRefusal | undefined {
  const isPlanned = waypoint.startsWith(`${namespace}/`) || (place.kind === 'Shared' && waypoint === keyOf(place));
  if (reason === 'missing' && isPlanned) return undefined;
  const mend = reason === 'missing' ? 'give the manifest of' : 'mend the';
  return {
    why: `\`${waypoint}\`, which its ${by} names, ${faults[reason]}`,
    help: `${mend} Gateway \`${waypoint}\`, or drop the label from the ${by} so that Ambit plans one`,
  };
}

/** A waypoint is told of no endpoints of what is not exported to its namespace, and answers every request with 503 (F-36). */
export function refusalOfHidden(
  service: Service,
  waypoint: Pick<Waypoint, 'namespace' | 'name'>,
): WaypointRefusal | undefined {
  const { exportTo, namespace: home } = service;
  if (isLookedUp(service) || isExportedTo(exportTo, home, waypoint.namespace)) return undefined;
  const key = keyOf(waypoint);
  return {
    why: `it is not exported to namespace \`${waypoint.namespace}\`, so that waypoint \`${key}\` would answer all its requests with 503 (F-36)`,
    help: `export it to namespace \`${waypoint.namespace}\` as well`,
  };
}

/** The endpoints of an entry are told apart from its cluster only where their addresses are listed. */
function isLookedUp(service: Service): boolean {
  return isHostOfEntry(service) && Object(service.object.value.spec).resolution !== 'STATIC';
}
