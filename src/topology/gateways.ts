import type { ManifestObject } from '../parse/document.js';
import type { ClusterSettings } from '../parse/mesh.js';
import { oncePerObject } from '../util/once.js';
import { compareText } from '../util/order.js';
import { labelsAt, namespaceOf, type Report } from './fields.js';
import type { IstioGateway } from './gateway-objects.js';
import { annotationsOf, reportUnknownGateway, topologyOf } from './gateway-settings.js';
import { annotation, label } from './labels.js';
import { type ListenerSources, listenersIn } from './listeners/read-listeners.js';
import { servicesOf } from './listeners/service-of-gateway.js';
import { type Cluster, type Gateway, keyOf, type Labels, type Workload } from './model.js';

/** What a gateway's pods are found among, and what gives them listeners. */
export interface GatewaySources extends ListenerSources {
  readonly cluster: ClusterSettings;
  readonly workloads: ReadonlyMap<string, Workload>;
  /** What stands in each namespace. */
  readonly byNamespace: ReadonlyMap<string, Pick<Cluster, 'workloads' | 'services'>>;
}

/**
 * The ways in and out of the mesh by `namespace/name`, sorted. A Gateway object wins over a Deployment of the same
 * name; its own pods are part of it and make no gateway of their own.
 */
export function readGateways(sources: GatewaySources, report: Report): ReadonlyMap<string, Gateway> {
  const openedAt = listenersIn(sources, report);
  const classic = [...sources.byNamespace.values()]
    .flatMap(({ workloads }) => classicGatewaysOf(workloads))
    .map((workload) => {
      const { namespace, labels } = workload;
      const annotations = annotationsOf(workload.object, workload, report);
      return { ...classicGateway(workload), annotations, ...openedAt({ namespace, labels, workload }) };
    });
  const declared = sources.gateways.map((gateway) => {
    const { deployed, hosts } = servicesOf(gateway, sources.clusterDomain, report);
    const workload = deployed ? undefined : workloadBehind(gateway, hosts, sources);
    const missingPods = deployed || workload !== undefined ? undefined : hosts.join('`, `');
    const base = { ...declaredGateway(gateway, workload, sources.cluster.name, report), missingPods };
    const { namespace, podLabels: labels, object } = base;
    const annotations = annotationsOf(object, workload, report);
    return { ...base, annotations, ...openedAt({ namespace, labels, workload }, object) };
  });
  const gateways = [...classic, ...declared].map(({ annotations, ...gateway }) => {
    const key = keyOf(gateway);
    return [key, { ...gateway, topology: topologyOf(key, sources.cluster, annotations, report) }] as const;
  });
  const found = new Map([...new Map(gateways)].sort(([left], [right]) => compareText(left, right)));
  for (const gateway of sources.cluster.gateways) reportUnknownGateway(gateway, found, report);
  return found;
}

/** A gateway by itself. */
type BareGateway = Omit<Gateway, 'listeners' | 'fronts' | 'topology'>;

/** Few workloads are gateways, and most namespaces stay as they are. */
const classicGatewaysOf = oncePerObject((workloads: ReadonlyMap<string, Workload>): readonly Workload[] =>
  [...workloads.values()].filter(isClassicGateway),
);

function isClassicGateway({ mode, labels }: Workload): boolean {
  return mode.plane === 'gateway' && labels[label.gatewayName] === undefined;
}

function classicGateway({ cluster, namespace, name, serviceAccount, labels, object }: Workload): BareGateway {
  return {
    ...{ cluster, namespace, name, serviceAccount, object },
    kind: 'classic',
    className: undefined,
    podLabels: labels,
    missingPods: undefined,
  };
}

/** Istio names an ingress gateway's service account after the Gateway and its class (istio-security §4.2). */
function declaredGateway(
  { object, gatewayClass }: IstioGateway,
  behind: Workload | undefined,
  cluster: string,
  report: Report,
): Omit<BareGateway, 'missingPods'> {
  const chosen = labelsAt(object, ['metadata', 'annotations'], report)[annotation.gatewayServiceAccount];
  return {
    cluster,
    namespace: namespaceOf(object),
    name: object.name,
    kind: 'gateway-api',
    className: gatewayClass.name,
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

/** The pods of the Service that is the address of a Gateway, which Istio then does not deploy. */
function workloadBehind(
  gateway: IstioGateway,
  hosts: readonly string[],
  sources: GatewaySources,
): Workload | undefined {
  const services = [...sources.services.values()].filter(
    ({ host, namespace }) => hosts.includes(host) && namespace === namespaceOf(gateway.object),
  );
  return services.flatMap(({ workloads }) => workloads.flatMap((key) => sources.workloads.get(key) ?? []))[0];
}
