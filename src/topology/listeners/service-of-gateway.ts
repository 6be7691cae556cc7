import type { ManifestObject } from '../../parse/document.js';
import { itemsAt, labelsAt, namespaceOf, type Report, textAt } from '../fields.js';
import type { IstioGateway } from '../gateway-objects.js';
import { annotation } from '../labels.js';

/** The Services whose pods serve a Gateway of Gateway API, by their full names. */
export interface GatewayServices {
  /** Whether istiod makes the pods and the Service itself; otherwise it finds what others deploy (W-40). */
  readonly deployed: boolean;
  readonly hosts: readonly string[];
}

/** A Gateway with the hostname of a Service as its address is served by that Service's pods; any other is deployed. */
export function servicesOf(
  { object, gatewayClass }: IstioGateway,
  clusterDomain: string,
  report: Report,
): GatewayServices {
  const suffix = `${namespaceOf(object)}.svc.${clusterDomain}`;
  const addresses = itemsAt(object, ['spec', 'addresses'], report).map((path) => ({
    type: textAt(object, [...path, 'type'], report) ?? 'IPAddress',
    value: textAt(object, [...path, 'value'], report) ?? '',
  }));
  const [first] = addresses;
  if (first === undefined || (addresses.length === 1 && first.type === 'IPAddress')) {
    return { deployed: true, hosts: [`${nameOfDeployed(object, gatewayClass.name, report)}.${suffix}`] };
  }
  const names = addresses.filter(({ type }) => type === 'Hostname').map(({ value }) => value);
  return { deployed: false, hosts: names.map((name) => (name.includes('.') ? name : `${name}.${suffix}`)) };
}

function nameOfDeployed(object: ManifestObject, className: string, report: Report): string {
  const chosen = labelsAt(object, ['metadata', 'annotations'], report)[annotation.gatewayName];
  return chosen ?? `${object.name}-${className}`;
}
