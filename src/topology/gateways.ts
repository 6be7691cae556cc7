import type { ManifestObject } from '../parse/document.js';
import { compareText } from '../util/order.js';
import { itemsAt, labelsAt, namespaceOf, type Report, textAt } from './fields.js';
import type { IstioGateway } from './gateway-objects.js';
import { annotation, label } from './labels.js';
import { type Gateway, keyOf, type Labels, type Service, type Workload } from './model.js';

/** The workloads and Services among which a gateway's pods are found. */
export interface Deployed {
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly services: ReadonlyMap<string, Service>;
}

/**
 * The ways in and out of the mesh by `namespace/name`, sorted. A Gateway object wins over a Deployment of the same
 * name; its own pods are part of it and make no gateway of their own.
 */
export function readGateways(
  cluster: string,
  declaredGateways: readonly IstioGateway[],
  deployed: Deployed,
  report: Report,
): ReadonlyMap<string, Gateway> {
  const classic = [...deployed.workloads.values()].filter(isClassicGateway).map(classicGateway);
  const declared = declaredGateways.map((gateway) => declaredGateway(cluster, gateway, deployed, report));
  const gateways = [...classic, ...declared].map((gateway) => [keyOf(gateway), gateway] as const);
  return new Map([...new Map(gateways)].sort(([left], [right]) => compareText(left, right)));
}

function isClassicGateway({ mode, labels }: Workload): boolean {
  return mode.plane === 'gateway' && labels[label.gatewayName] === undefined;
}

function classicGateway({ cluster, namespace, name, serviceAccount, labels, object }: Workload): Gateway {
  return { cluster, namespace, name, kind: 'classic', serviceAccount, podLabels: labels, object };
}

/** Istio names an ingress gateway's service account after the Gateway and its class (istio-security §4.2). */
function declaredGateway(
  cluster: string,
  { object, gatewayClass }: IstioGateway,
  deployed: Deployed,
  report: Report,
): Gateway {
  const chosen = labelsAt(object, ['metadata', 'annotations'], report)[annotation.gatewayServiceAccount];
  const behind = workloadBehind(object, deployed, report);
  return {
    cluster,
    namespace: namespaceOf(object),
    name: object.name,
    kind: 'gateway-api',
    serviceAccount: behind?.serviceAccount ?? (chosen || `${object.name}-${gatewayClass.name}`),
    podLabels: behind?.labels ?? { ...copiedLabels(object, report), [label.gatewayName]: object.name },
    object,
  };
}

/** The pods of a Gateway carry its own labels, or those of its `infrastructure` instead (W-42). */
function copiedLabels(object: ManifestObject, report: Report): Labels {
  const instead = labelsAt(object, ['spec', 'infrastructure', 'labels'], report);
  return Object.keys(instead).length > 0 ? instead : labelsAt(object, ['metadata', 'labels'], report);
}

/** A Gateway whose address is the hostname of a Service is not deployed by Istio: that Service's pods serve it. */
function workloadBehind(object: ManifestObject, deployed: Deployed, report: Report): Workload | undefined {
  for (const address of itemsAt(object, ['spec', 'addresses'], report)) {
    if (textAt(object, [...address, 'type'], report) !== 'Hostname') continue;
    const [name, namespace] = (textAt(object, [...address, 'value'], report) ?? '').split('.');
    const service = deployed.services.get(`${namespace ?? namespaceOf(object)}/${name}`);
    const workload = deployed.workloads.get(service?.workloads[0] ?? '');
    if (workload !== undefined) return workload;
  }
  return undefined;
}
