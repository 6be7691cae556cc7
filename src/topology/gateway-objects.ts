import type { ManifestObject } from '../parse/document.js';
import { namespaceOf, type Report, textAt } from './fields.js';
import type { GatewayClass, GatewayRole } from './gateway-class.js';

/** A Gateway that Istio runs. */
export interface IstioGateway {
  readonly object: ManifestObject;
  readonly gatewayClass: GatewayClass;
}

/** The Gateways of a cluster, told apart by what their class says they are for. */
export interface GatewayObjects {
  of(role: GatewayRole): readonly IstioGateway[];
  /** The role of the Gateway with this `namespace/name`, if Istio runs one. */
  roleOf(key: string): GatewayRole | undefined;
  /** Gateways of classes that another controller runs. */
  readonly foreign: readonly ManifestObject[];
}

/** Tells the Gateways that Istio runs from those of other controllers, by class. */
export function sortGateways(
  gateways: readonly ManifestObject[],
  classes: ReadonlyMap<string, GatewayClass>,
  report: Report,
): GatewayObjects {
  const found: IstioGateway[] = [];
  const foreign: ManifestObject[] = [];
  for (const object of gateways) {
    const gatewayClass = classes.get(textAt(object, ['spec', 'gatewayClassName'], report) ?? '');
    if (gatewayClass === undefined) foreign.push(object);
    else found.push({ object, gatewayClass });
  }
  const roles = new Map(
    found.map(({ object, gatewayClass }) => [`${namespaceOf(object)}/${object.name}`, gatewayClass.role]),
  );
  return {
    of: (role) => found.filter(({ gatewayClass }) => gatewayClass.role === role),
    roleOf: (key) => roles.get(key),
    foreign,
  };
}
