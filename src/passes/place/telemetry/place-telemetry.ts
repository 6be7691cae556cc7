import type { PlacedTelemetry } from '../../../ir/placed-telemetry.js';
import type { ManifestObject } from '../../../parse/document.js';
import { isWiderScope, type ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import type { Cluster } from '../../../topology/model.js';
import { sortBy } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { checkExistingTelemetry } from './existing-telemetry.js';
import { placesAtGateways } from './places-at-gateways.js';
import { placesOfDestination } from './places-of-destination.js';
import type { TelemetryPlace } from './telemetry-place.js';
import { widePlaces } from './wide-places.js';
import { reportWithoutProxies } from './without-proxies.js';

/** The Telemetry objects that make proxies record what is asked for. */
export function placeTelemetry(context: PlaceContext): PlacedTelemetry[] {
  const placed = context.ir.telemetry.flatMap((telemetry) => {
    reportWithoutProxies(context, telemetry);
    return context.ir.topology.clusters.flatMap((cluster) => placeIn(context, cluster, telemetry));
  });
  return sortBy(
    placed,
    ({ cluster }) => cluster,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}

function placeIn(context: PlaceContext, cluster: Cluster, resolved: ResolvedTelemetry): PlacedTelemetry[] {
  const { telemetry, origin } = resolved;
  const places = placesOf(context, cluster, resolved);
  checkExistingTelemetry(context, cluster, resolved, places);
  return places.map(({ of, ...place }) => ({
    cluster: cluster.name,
    ...place,
    telemetry,
    resumesTracing: telemetry.tracing?.kind === 'enabled' && isTracingOff(context, cluster, resolved),
    purpose: `what is recorded of ${of}`,
    origin,
  }));
}

function placesOf(context: PlaceContext, cluster: Cluster, resolved: ResolvedTelemetry): readonly TelemetryPlace[] {
  switch (resolved.scope.kind) {
    case 'mesh':
    case 'namespace':
      return widePlaces(context, cluster, resolved, resolved.scope);
    case 'gateway':
      return placesAtGateways(cluster, resolved);
    default:
      return context.ir.destinations
        .filter(({ destination, telemetry }) => telemetry === resolved && destination.cluster === cluster.name)
        .flatMap((policy) => placesOfDestination(context, policy, resolved));
  }
}

/** Whether somebody switches spans off further out: whoever wants them then has to say so (F-62). */
function isTracingOff({ ir }: PlaceContext, { telemetries }: Cluster, { scope }: ResolvedTelemetry): boolean {
  const wider = ir.telemetry.filter((each) => isWiderScope(each.scope, scope));
  if (wider.some(({ telemetry }) => telemetry.tracing?.kind === 'disabled')) return true;
  const { rootNamespace } = ir.topology.mesh;
  const around = scope.kind === 'mesh' ? [] : [rootNamespace, scope.namespace];
  return telemetries.some((object) => around.includes(object.namespace ?? 'default') && switchesOff(object));
}

function switchesOff({ value }: ManifestObject): boolean {
  const entries: unknown = Object(value.spec).tracing;
  return Array.isArray(entries) && entries.some((entry) => Object(entry).disableSpanReporting === true);
}
