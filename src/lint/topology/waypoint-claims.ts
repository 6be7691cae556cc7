import type { Details } from '../../diagnostics/create.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { label } from '../../topology/labels.js';
import type { Binding, Cluster, WaypointFor } from '../../topology/model.js';
import { suggest } from '../../util/suggest.js';
import type { LintContext } from './lint.js';
import type { Labelled } from './subjects.js';

type Broken = Extract<Binding, { kind: 'broken' }>;

const failsOpen = 'traffic then goes straight to the pods, and nothing that is enforced at the waypoint holds (W-31)';

/** Every label that names a waypoint which does not serve what the label is on (W-11, W-14, W-17, W-30). */
export function waypointClaims({ cluster, labelled }: LintContext): readonly Diagnostic[] {
  return labelled.flatMap((object) => {
    const { binding } = object;
    if (binding.kind !== 'broken' || object.labels[label.useWaypoint] === undefined) return [];
    return findings[binding.reason](object, binding, cluster);
  });
}

type Finding = (object: Labelled, binding: Broken, cluster: Cluster) => readonly Diagnostic[];

const findings: Readonly<Record<Broken['reason'], Finding>> = {
  missing: (object, { waypoint }, cluster) => {
    const details = { notes: [{ message: failsOpen }], ...betterHelp(object, waypoint, cluster) };
    return [diagnostic('waypoint-missing', { object: object.title, waypoint }, spanOf(object), details)];
  },
  // Said of the Gateway, once.
  unserved: () => [],
  'not-ready': (object, { waypoint }) => {
    const details = because('istiod knows a waypoint once its Gateway has an address (W-30)', failsOpen);
    return [diagnostic('waypoint-not-ready', { object: object.title, waypoint }, spanOf(object), details)];
  },
  'attachment-denied': (object, { waypoint }) => {
    const parameters = { object: object.title, waypoint, namespace: object.namespace };
    const details = because(
      '`allowedRoutes` admits the same namespace only, unless it says otherwise (W-17)',
      failsOpen,
    );
    return [diagnostic('waypoint-attachment-denied', parameters, spanOf(object), details)];
  },
  'unsupported-traffic-type': (object, { waypoint }, cluster) => {
    const waypointFor = cluster.waypoints.get(waypoint)?.waypointFor ?? 'none';
    // A namespace may mean its pods alone, and then a waypoint for workloads is right.
    if (object.kind === 'Namespace' && waypointFor !== 'none') return [];
    const parameters = { object: object.title, waypoint, served: servedTraffic[waypointFor] };
    const details = because(
      '`istio.io/waypoint-for` is `service` unless the Gateway or its class says otherwise (W-14)',
    );
    return [diagnostic('waypoint-serves-other-traffic', parameters, spanOf(object), details)];
  },
  'no-vip': (object, { waypoint }) => {
    const details = because('only traffic to a virtual IP goes to a waypoint; pod IPs do not (W-13, W-15)');
    return [diagnostic('waypoint-without-virtual-ip', { object: object.title, waypoint }, spanOf(object), details)];
  },
};

const servedTraffic: Readonly<Record<WaypointFor, string>> = {
  service: 'traffic addressed to Services',
  workload: 'traffic addressed to pod IPs',
  all: 'all traffic',
  none: 'no traffic',
};

/** The waypoint may be in another namespace, or its name misspelt. */
function betterHelp(object: Labelled, waypoint: string, { waypoints }: Cluster): Details {
  const name = object.labels[label.useWaypoint] ?? '';
  const elsewhere = [...waypoints.values()].find((candidate) => candidate.name === name);
  if (elsewhere !== undefined) {
    return { help: `add the label \`${label.useWaypointNamespace}: ${elsewhere.namespace}\` beside it` };
  }
  const [nearest] = suggest(waypoint, waypoints.keys());
  return nearest === undefined ? {} : { help: `did you mean \`${nearest}\`?` };
}

function because(...messages: readonly string[]): Details {
  return { notes: messages.map((message) => ({ message })) };
}

function spanOf(object: Labelled) {
  return object.labelSpan(label.useWaypoint);
}
