import type { JsonObject } from '../../../../src/parse/document.js';
import { objectAt, objectsAt, type Placed } from '../json.js';
import { dnsLabel1035 } from '../names.js';

const waypointClasses = new Set(['istio-waypoint', 'istio-agentgateway-waypoint']);

/**
 * A waypoint has the one listener that its controller accepts (W-01) and a name that its Service, Deployment and
 * ServiceAccount can bear (W-05, L-60); HBONE is for waypoints and east-west gateways alone (W-02).
 */
export function checkWaypoint(gateway: JsonObject): readonly string[] {
  const spec = objectAt(gateway, 'spec');
  const listeners = objectsAt(spec, 'listeners', 'spec');
  if (!waypointClasses.has(String(spec.gatewayClassName))) return refuseHbone(spec, listeners);
  const name = String(objectAt(gateway, 'metadata').name);
  const fault = name === 'none' ? '`none` means no waypoint' : dnsLabel1035(name);
  return [
    ...(fault === undefined ? [] : [`metadata.name: ${fault} (W-05, L-60)`]),
    ...(listeners.length === 1 && listeners.every(isMeshListener)
      ? []
      : ['spec.listeners: a waypoint has exactly the listener mesh, 15008, HBONE (W-01)']),
  ];
}

function isMeshListener({ value: { name, port, protocol } }: Placed<JsonObject>): boolean {
  return name === 'mesh' && port === 15008 && protocol === 'HBONE';
}

function refuseHbone(spec: JsonObject, listeners: readonly Placed<JsonObject>[]): readonly string[] {
  if (spec.gatewayClassName === 'istio-east-west') return [];
  return listeners
    .filter(({ value }) => value.protocol === 'HBONE')
    .map(({ path }) => `${path}.protocol: HBONE is for waypoints and east-west gateways (W-02)`);
}
