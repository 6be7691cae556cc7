import { diagnostic } from '../diagnostics/create.js';
import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings, GatewaySettings } from '../parse/mesh.js';
import { compareText } from '../util/order.js';
import { didYouMean, suggest } from '../util/suggest.js';
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
  settings: ClusterSettings,
  declaredGateways: readonly IstioGateway[],
  deployed: Deployed,
  report: Report,
): ReadonlyMap<string, Gateway> {
  const classic = [...deployed.workloads.values()].filter(isClassicGateway).map(classicGateway);
  const declared = declaredGateways.map((gateway) => declaredGateway(settings.name, gateway, deployed, report));
  const gateways = [...classic, ...declared].map((gateway) => {
    const key = keyOf(gateway);
    return [key, { ...gateway, topology: topologyOf(key, settings) }] as const;
  });
  const found = new Map([...new Map(gateways)].sort(([left], [right]) => compareText(left, right)));
  for (const gateway of settings.gateways) reportUnknown(gateway, found, report);
  return found;
}

/** What the Mesh document says of one gateway, and else of all. */
function topologyOf(key: string, { istio, gateways }: ClusterSettings): Gateway['topology'] {
  return { ...istio.gatewayTopology, ...gateways.find(({ name }) => name.value === key)?.topology };
}

function reportUnknown({ name }: GatewaySettings, found: ReadonlyMap<string, Gateway>, report: Report): void {
  if (found.has(name.value)) return;
  const near = suggest(name.value, found.keys());
  report(diagnostic('settings-of-no-gateway', { gateway: name.value }, name.span, didYouMean(near)));
}

type UnsettledGateway = Omit<Gateway, 'topology'>;

function isClassicGateway({ mode, labels }: Workload): boolean {
  return mode.plane === 'gateway' && labels[label.gatewayName] === undefined;
}

function classicGateway({ cluster, namespace, name, serviceAccount, labels, object }: Workload): UnsettledGateway {
  return { cluster, namespace, name, kind: 'classic', serviceAccount, podLabels: labels, object };
}

/** Istio names an ingress gateway's service account after the Gateway and its class (istio-security §4.2). */
function declaredGateway(
  cluster: string,
  { object, gatewayClass }: IstioGateway,
  deployed: Deployed,
  report: Report,
): UnsettledGateway {
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
