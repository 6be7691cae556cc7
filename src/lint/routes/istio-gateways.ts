import { asLabels, asObject } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import type { ManifestObject } from '../../parse/document.js';
import { alreadyReported, namespaceOf } from '../../topology/fields.js';
import type { DeclaredListener } from '../../topology/listeners/declared.js';
import { readServers } from '../../topology/listeners/servers.js';
import { type Labels, selects, targetPortOf, type Workload } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';

/** One of Istio's own Gateways, and the pods that it is for. */
export interface IstioGateway {
  readonly object: ManifestObject;
  readonly key: string;
  readonly selector: Labels;
  readonly servers: readonly DeclaredListener[];
  readonly pods: readonly GatewayPod[];
}

/** Pods of gateways, as far as they are given: those of a workload, or those that istiod makes for a Gateway. */
export interface GatewayPod {
  readonly namespace: string;
  readonly labels: Labels;
  /** The ports by which Services lead there, with those of the pods; `undefined` where no Service is known. */
  readonly ports: ReadonlyArray<{ readonly port: number; readonly podPort: number | undefined }> | undefined;
}

export const istioGatewaysIn = oncePerObject(({ cluster }: MeshCluster): readonly IstioGateway[] => {
  const made = [...cluster.gateways.values()]
    .filter(({ kind }) => kind === 'gateway-api')
    .map(({ namespace, podLabels, fronts }) => ({ namespace, labels: podLabels, ports: fronts }));
  const pods = [...[...cluster.workloads.values()].map((workload) => podOf(workload, cluster.services)), ...made];
  return cluster.istioGateways.map((object) => {
    const selector = asLabels(asObject(object.value.spec)?.selector);
    return {
      object,
      key: `${namespaceOf(object)}/${object.name}`,
      selector,
      servers: readServers(object, alreadyReported),
      pods: pods.filter(({ labels }) => selects(selector, labels)),
    };
  });
});

function podOf(workload: Workload, services: MeshCluster['cluster']['services']): GatewayPod {
  const { namespace, labels } = workload;
  const own = workload.services.flatMap((key) => services.get(key) ?? []);
  const ports = own.flatMap((service) =>
    service.ports.map((port) => ({ port: port.number, podPort: targetPortOf(port, workload) })),
  );
  return { namespace, labels, ports: own.length === 0 ? undefined : ports };
}

/** The gateways that Istio's own profiles install: manifests from Git seldom have them. */
export function isOfProfile({ selector }: IstioGateway): boolean {
  return ['ingressgateway', 'egressgateway'].includes(selector.istio ?? '');
}

/** Whether two Gateways are for the same pods, as far as is known. */
export function sharePods(left: IstioGateway, right: IstioGateway): boolean {
  if (left.pods.some((pod) => right.pods.includes(pod))) return true;
  const isSame = JSON.stringify(sorted(left.selector)) === JSON.stringify(sorted(right.selector));
  return isSame && left.pods.length === 0;
}

function sorted(labels: Labels): ReadonlyArray<readonly [string, string]> {
  return Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
}
