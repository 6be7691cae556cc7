import { notRecorded, type RecordingPoint } from '../../../dataplanes/telemetry.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import { featuresOf, recordsBeyondZtunnel } from '../../recording-wishes.js';
import { exactSelectors, namedSelectors } from '../at-pods/selectors.js';
import type { PlaceContext } from '../context.js';
import { objectName } from '../object-name.js';
import { reportZtunnel } from './report-ztunnel.js';
import type { TelemetryPlace } from './telemetry-place.js';

/** By selector for the sidecars of a Service or workload, and by the Service’s name for its waypoint. */
export function placesOfDestination(
  context: PlaceContext,
  policy: DestinationPolicy,
  resolved: ResolvedTelemetry,
): readonly TelemetryPlace[] {
  return [...atSidecars(context, policy, resolved), ...atWaypoint(context, policy, resolved)];
}

function atSidecars(
  context: PlaceContext,
  policy: DestinationPolicy,
  { origin }: ResolvedTelemetry,
): readonly TelemetryPlace[] {
  const { destination } = policy;
  const { service, namespace, name, workloads } = destination;
  const sidecars = workloads.filter(({ mode }) => mode.plane === 'sidecar');
  const whole = sidecars.length === workloads.length ? service : undefined;
  const selectors = exactSelectors(context, context.clusterOf(policy), sidecars, whole, origin.span);
  return namedSelectors(objectName(destination), selectors, sidecars).map((selector) => ({
    namespace,
    name: selector.name,
    attachment: { kind: 'selector', labels: selector.labels },
    of: `${name}, at its sidecars`,
  }));
}

function atWaypoint(
  context: PlaceContext,
  policy: DestinationPolicy,
  resolved: ResolvedTelemetry,
): readonly TelemetryPlace[] {
  const { destination, waypoint } = policy;
  if (waypoint === undefined) {
    checkZtunnel(context, policy, resolved);
    return [];
  }
  const { namespace, name } = destination;
  const isElsewhere = waypoint.namespace !== namespace;
  if (isElsewhere) refuse(context, policy, resolved, 'waypointElsewhere');
  const of = `${name}, at waypoint ${waypoint.name}`;
  return [{ namespace, name: `${name}-at-waypoint`, attachment: { kind: 'service', name }, of }];
}

/** Ambient pods without a waypoint: nobody records what is asked for, and what is switched off ztunnel has its own way with. */
function checkZtunnel(context: PlaceContext, policy: DestinationPolicy, resolved: ResolvedTelemetry): void {
  const ambient = policy.destination.workloads.filter(({ mode }) => mode.plane === 'ambient');
  if (ambient.length === 0) return;
  const cluster = context.clusterOf(policy);
  if (recordsBeyondZtunnel(resolved.telemetry, cluster).length > 0) refuse(context, policy, resolved, 'ztunnel');
  else reportZtunnel(context, cluster, resolved, ambient, featuresOf(resolved.telemetry));
}

function refuse(
  context: PlaceContext,
  policy: DestinationPolicy,
  { telemetry, origin }: ResolvedTelemetry,
  point: keyof typeof helps,
): void {
  const { istio } = context.clusterOf(policy).settings;
  const [lack] = featuresOf(telemetry).flatMap((feature) => notRecorded(feature, point, istio) ?? []);
  if (lack === undefined) return;
  const subject = destinationLabel(policy.destination);
  const parameters = { settings: origin.id, subject, because: lack.because };
  const notes = [{ message: lack.fact }];
  context.report(diagnostic('telemetry-not-kept', parameters, origin.span, { notes, help: helps[point] }));
}

const helps = {
  ztunnel: 'put a Service with a virtual IP in front of it and name that, so that a waypoint can record',
  waypointElsewhere: 'give the Service a waypoint in its own namespace',
} as const satisfies Partial<Record<RecordingPoint, string>>;
