import type { ManifestObject, Path } from '../parse/document.js';
import { byKey } from './bind-objects.js';
import { integerAt, itemsAt, labelsAt, mappingAt, namespaceOf, type Report, textAt } from './fields.js';
import type { IstioGateway } from './gateway-objects.js';
import { readSelector } from './label-selector.js';
import { annotation, hbonePort, label } from './labels.js';
import type { AllowedRoutes, Namespace, Revisions, Waypoint, WaypointFor } from './model.js';
import { isServed } from './revisions.js';

const trafficTypes: readonly WaypointFor[] = ['service', 'workload', 'all', 'none'];

interface WaypointContext {
  readonly cluster: string;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly revisions: Revisions;
}

/** The waypoints by `namespace/name`, sorted. */
export function readWaypoints(
  gateways: readonly IstioGateway[],
  context: WaypointContext,
  report: Report,
): ReadonlyMap<string, Waypoint> {
  return byKey(gateways.map((gateway) => readWaypoint(gateway, context, report)));
}

/** Reads the Gateway of a waypoint: whom it serves, whom it admits, and as whom it calls the pods (W-40). */
function readWaypoint(
  { object, gatewayClass }: IstioGateway,
  { cluster, namespaces, revisions }: WaypointContext,
  report: Report,
): Waypoint {
  const served = isServed(object, namespaces, revisions, report);
  const labels = labelsAt(object, ['metadata', 'labels'], report);
  const annotations = labelsAt(object, ['metadata', 'annotations'], report);
  const otherwise = [object, gatewayClass.object].find((each) => each !== undefined && hasBinding(each, report));
  return {
    cluster,
    namespace: namespaceOf(object),
    name: object.name,
    className: gatewayClass.name,
    serviceAccount: annotations[annotation.gatewayServiceAccount] || object.name,
    waypointFor: waypointForOf(labels[label.waypointFor] ?? gatewayClass.labels[label.waypointFor]),
    allowedRoutes: allowedRoutesOf(object, report),
    ready: isReady(object, report),
    ...(otherwise !== undefined && { reachedOtherwise: otherwise }),
    unserved: served === true || hasAddress(object, report) ? undefined : served,
    object,
  };
}

function hasBinding(object: ManifestObject, report: Report): boolean {
  return labelsAt(object, ['metadata', 'annotations'], report)[annotation.inboundBinding] !== undefined;
}

/** The Gateway's label, else its class's, else `service` (W-14). A value that Istio does not know serves nothing. */
function waypointForOf(written: string | undefined): WaypointFor {
  if (written === undefined) return 'service';
  return trafficTypes.find((known) => known === written) ?? 'none';
}

/** Who may attach is read from the HBONE listener; without one, or where it is silent, only the same namespace (W-17). */
function allowedRoutesOf(object: ManifestObject, report: Report): AllowedRoutes {
  const listener = itemsAt(object, ['spec', 'listeners'], report).find((path) => isHboneListener(object, path, report));
  if (listener === undefined) return { from: 'Same', selector: undefined };
  const namespaces = [...listener, 'allowedRoutes', 'namespaces'];
  const from = textAt(object, [...namespaces, 'from'], report);
  if (from === 'All') return { from, selector: undefined };
  if (from !== 'Selector') return { from: 'Same', selector: undefined };
  return { from, selector: readSelector(object, [...namespaces, 'selector'], report) };
}

/** The one listener that a waypoint is reached through (W-01). */
export function isHboneListener(object: ManifestObject, listener: Path, report: Report): boolean {
  const protocol = textAt(object, [...listener, 'protocol'], report);
  return protocol === 'HBONE' && integerAt(object, [...listener, 'port'], report) === hbonePort;
}

/**
 * istiod knows a waypoint only once its Gateway has an address (W-30). A manifest from Git has no status at all and
 * is judged as it will be after it was applied; `status: {}`, which generators write, says no more than that.
 */
function isReady(object: ManifestObject, report: Report): boolean {
  const status = mappingAt(object, ['status'], report);
  if (status === undefined || Object.keys(status).length === 0) return true;
  return hasAddress(object, report);
}

function hasAddress(object: ManifestObject, report: Report): boolean {
  return itemsAt(object, ['status', 'addresses'], report).length > 0;
}
