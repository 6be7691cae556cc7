import type { Attachment } from '../../../ir/attachment.js';
import type { ManifestObject } from '../../../parse/document.js';
import type { ResolvedTelemetry } from '../../../resolve/resolved-telemetry.js';
import type { GatewayObject } from '../../../resolve/resolved-traffic.js';
import type { Cluster, Gateway } from '../../../topology/model.js';
import type { TelemetryPlace } from './telemetry-place.js';

/** By name for a Gateway of Gateway API, and by the labels of its pods for Istio’s own. */
export function placesAtGateways({ name: cluster, gateways }: Cluster, { gateways: meant }: ResolvedTelemetry) {
  return meant.filter((gateway) => gateway.cluster === cluster).flatMap((gateway) => placesAt(gateway, gateways));
}

function placesAt(object: GatewayObject, gateways: Cluster['gateways']): readonly TelemetryPlace[] {
  const { namespace, name } = object;
  if (object.api === 'gateway-api') {
    return [{ namespace, name, attachment: { kind: 'gateway', name }, of: `gateway ${name}` }];
  }
  return [...gateways.values()]
    .filter(({ listeners }) => listeners.some((listener) => isOf(listener.object, object)))
    .map((gateway) => placeAtPods(gateway, name));
}

function isOf(object: ManifestObject, { namespace, name }: GatewayObject) {
  return object.name === name && (object.namespace ?? 'default') === namespace;
}

function placeAtPods({ namespace, name, podLabels }: Gateway, of: string): TelemetryPlace {
  const attachment: Attachment = { kind: 'selector', labels: podLabels };
  return { namespace, name, attachment, of: `gateway ${of}` };
}
