import type { Binding, Cluster, Plane, Waypoint, WaypointFor } from '../../topology/model.js';

const planes: Readonly<Record<Plane, string>> = {
  sidecar: 'sidecar',
  ambient: 'ambient',
  hbone: 'own HBONE',
  gateway: 'gateway',
  waypoint: 'waypoint',
  'east-west': 'east-west gateway',
  none: 'outside the mesh',
};

export function planePhrase(plane: Plane): string {
  return planes[plane];
}

const reasons: Readonly<Record<Extract<Binding, { kind: 'broken' }>['reason'], string>> = {
  missing: 'does not exist (W-11)',
  unserved: 'asks for a revision that no istiod has (E-30)',
  'not-ready': 'has no address yet (W-30)',
  'attachment-denied': 'does not admit this namespace (W-17)',
  'unsupported-traffic-type': 'serves other traffic (W-14)',
  'no-vip': 'needs a virtual IP to be reached (W-15)',
};

/** Which waypoint, or why none. */
export function bindingPhrase(binding: Binding): string {
  switch (binding.kind) {
    case 'bound':
      return `${binding.waypoint} (label on ${binding.by})`;
    case 'unlabelled':
      return 'none: no label names one';
    case 'opted-out':
      return `none: opted out by the label on ${binding.by}`;
    case 'broken':
      return `none: ${brokenPhrase(binding)}`;
  }
}

/** The waypoint that a label names in vain, and why. */
export function brokenPhrase({ waypoint, by, reason }: Extract<Binding, { kind: 'broken' }>): string {
  return `${waypoint}, named on ${by}, ${reasons[reason]}`;
}

const served: Readonly<Record<WaypointFor, string>> = {
  service: 'traffic to Services',
  workload: 'traffic to pod IPs',
  all: 'traffic to Services and to pod IPs',
  none: 'nothing',
};

export function servedPhrase(waypointFor: WaypointFor): string {
  return served[waypointFor];
}

/** Which namespaces may attach to a waypoint. */
export function admission({ allowedRoutes, namespace }: Waypoint): string {
  const { from, selector } = allowedRoutes;
  if (from === 'All') return 'every namespace';
  if (from === 'Same' || selector === undefined) return `namespace ${namespace}`;
  const pairs = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = selector.matchExpressions.map(({ key, operator, values }) =>
    [key, operator, ...(values.length === 0 ? [] : [values.join('|')])].join(' '),
  );
  return `namespaces with ${[...pairs, ...expressions].join(', ') || 'any labels'}`;
}

interface Runner {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The principal as policies write it, without `spiffe://`. */
export function identityOf({ namespace, serviceAccount }: Runner, { settings }: Cluster): string {
  return `${settings.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
