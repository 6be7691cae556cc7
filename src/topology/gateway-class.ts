import type { ManifestObject } from '../parse/document.js';
import { labelsAt, type Report, textAt } from './fields.js';
import type { Labels } from './model.js';

/** What the proxies of a Gateway do. */
export type GatewayRole = 'gateway' | 'waypoint' | 'east-west';

export interface GatewayClass {
  readonly name: string;
  readonly role: GatewayRole;
  readonly labels: Labels;
  /** Absent where no manifest of it is given. */
  readonly object?: ManifestObject;
}

/** Classes that Istio installs by itself, so that no manifest need show them (W-04). */
const builtInClasses: readonly GatewayClass[] = [
  { name: 'istio', role: 'gateway', labels: {} },
  { name: 'istio-agentgateway', role: 'gateway', labels: {} },
  { name: 'istio-waypoint', role: 'waypoint', labels: {} },
  { name: 'istio-agentgateway-waypoint', role: 'waypoint', labels: {} },
  { name: 'istio-east-west', role: 'east-west', labels: {} },
];

const rolesOfControllers: ReadonlyMap<string, GatewayRole> = new Map([
  ['istio.io/gateway-controller', 'gateway'],
  ['istio.io/mesh-controller', 'waypoint'],
  ['istio.io/eastwest-controller', 'east-west'],
]);

/** The classes whose Gateways Istio runs, by name: its own, and those whose manifest names one of its controllers. */
export function readGatewayClasses(
  objects: readonly ManifestObject[],
  report: Report,
): ReadonlyMap<string, GatewayClass> {
  const classes = new Map(builtInClasses.map((known) => [known.name, known]));
  for (const object of objects) {
    const controller = textAt(object, ['spec', 'controllerName'], report);
    const role = rolesOfControllers.get(controller ?? '') ?? classes.get(object.name)?.role;
    const labels = labelsAt(object, ['metadata', 'labels'], report);
    if (role !== undefined) classes.set(object.name, { name: object.name, role, labels, object });
  }
  return classes;
}
