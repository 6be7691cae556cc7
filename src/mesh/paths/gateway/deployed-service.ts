import { exportedByDefault } from '../../../topology/default-exports.js';
import { type Gateway, type GatewayFront, keyOf, type Service } from '../../../topology/model.js';
import { oncePerObject } from '../../../util/once.js';
import { groupBy } from '../../../util/order.js';
import type { MeshCluster } from '../../mesh.js';

/** A Gateway that istiod deploys, and the Service that it makes in front of its pods. */
interface Deployed {
  readonly gateway: Gateway;
  readonly service: Service;
}

/** By the full names of their Services, which no manifest has (W-40). */
const deployedIn = oncePerObject((mesh: MeshCluster): ReadonlyMap<string, Deployed> => {
  const all = [...mesh.cluster.gateways.values()].flatMap((gateway) => {
    const made = gateway.fronts.filter(({ service }) => service === undefined);
    return [...groupBy(made, ({ host }) => host)].map(([host, fronts]) => {
      return [host, { gateway, service: serviceOf(mesh, gateway, host, fronts) }] as const;
    });
  });
  return new Map(all);
});

/** The Service with a full name that istiod makes for a Gateway. */
export function deployedService(mesh: MeshCluster, host: string): Service | undefined {
  return deployedIn(mesh).get(host)?.service;
}

/** All that istiod makes in front of the Gateways that it deploys. */
export function deployedServices(mesh: MeshCluster): readonly Service[] {
  return [...deployedIn(mesh).values()].map(({ service }) => service);
}

/** The Gateway before whose pods istiod makes a Service. */
export function gatewayDeployedBehind(mesh: MeshCluster, { object, host }: Service): Gateway | undefined {
  const found = deployedIn(mesh).get(host);
  return found?.service.object === object ? found.gateway : undefined;
}

function serviceOf(
  { cluster: { settings } }: MeshCluster,
  { cluster, namespace, object, podLabels }: Gateway,
  host: string,
  fronts: readonly GatewayFront[],
): Service {
  return {
    ...{ cluster, namespace, host, object, selector: podLabels },
    name: host.slice(0, host.indexOf('.')),
    type: 'LoadBalancer',
    headless: false,
    hasVip: true,
    labels: {},
    annotations: {},
    ports: fronts.map(({ port, podPort, layer }) => ({
      ...({ name: undefined, number: port, targetPort: podPort, transport: 'TCP', layer } as const),
      protocol: layer === 'http' ? 'http' : layer === 'tcp' ? 'tcp' : 'auto',
      because: `a listener of Gateway ${keyOf({ namespace, name: object.name })}`,
    })),
    exportTo: exportedByDefault(settings.istio.defaultServiceExportTo),
    workloads: [],
    // Neither sidecars nor gateways come to it through a waypoint.
    binding: { kind: 'unlabelled' },
    ingressUsesWaypoint: false,
  };
}
