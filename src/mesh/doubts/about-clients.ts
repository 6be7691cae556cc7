import type { Path } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { keyOf, type Service } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { TlsSetting } from '../paths/tls-settings.js';
import { isRouted } from '../routes/owner/mesh-routes.js';
import { type Doubt, named } from './doubt.js';
import { isOpenFor } from './open-hosts.js';

/** What DestinationRules and BackendTLSPolicies leave open of how clients connect to pods of the mesh (§4.5). */
export function aboutTls(mesh: MeshCluster): readonly Doubt[] {
  const { cluster, tlsSettings } = mesh;
  const inMesh = ({ workloads }: Service) => {
    return workloads.some((key) => cluster.workloads.get(key)?.mode.plane !== 'none');
  };
  const services = [...cluster.services.values()].filter(inMesh);
  const pairs = services.flatMap((service) =>
    (tlsSettings.get(service.host) ?? [])
      .filter(({ routedSubset }) => routedSubset === undefined || !isGateway(mesh, service))
      .map((setting) => ({ setting, service: keyOf(service) })),
  );
  return [...new Set(pairs.map(({ setting }) => setting))].flatMap((setting) => {
    const path = openPath(setting);
    if (path === undefined) return [];
    const places = pairs.filter((pair) => pair.setting === setting).map(({ service }) => service);
    return [{ object: setting.object, path, what: named(setting.object), places }];
  });
}

/** How a version of a gateway's Service is spoken to is followed where a route leads there from another host. */
function isGateway(mesh: MeshCluster, { host, workloads }: Service): boolean {
  const isOne = (key: string) => mesh.cluster.workloads.get(key)?.mode.plane === 'gateway';
  return workloads.every(isOne) && !isRouted(mesh, host);
}

function openPath({ open, isForSome, routedSubset, tls, ports, object }: TlsSetting): Path | undefined {
  const isStrange = [tls, ...ports.map((port) => port.tls)].some((each) => isOther(each?.mode));
  if (object.kind === 'BackendTLSPolicy') return ['spec', 'targetRefs'];
  if (open !== undefined || isStrange) return ['spec', 'trafficPolicy'];
  if (routedSubset !== undefined) return ['spec', 'subsets'];
  return isForSome ? ['spec', 'workloadSelector'] : undefined;
}

function isOther(mode = 'DISABLE'): boolean {
  return mode !== 'DISABLE' && mode !== 'ISTIO_MUTUAL';
}

/** ServiceEntries whose endpoints are said to be in the mesh, and of which no workload is selected (T-88). */
export function aboutServiceEntries({ cluster }: MeshCluster): readonly Doubt[] {
  return [...cluster.serviceEntries.values()].flatMap((entry) => {
    const spec = asObject(entry.object.value.spec);
    if (spec?.location !== 'MESH_INTERNAL' || spec.workloadSelector !== undefined) return [];
    return [{ object: entry.object, path: ['spec', 'location'], what: named(entry.object), places: [keyOf(entry)] }];
  });
}

/** Routes and ServiceEntries of another revision (E-30). */
export function aboutOpenHosts({ cluster, openHosts }: MeshCluster): readonly Doubt[] {
  return [...groupBy(openHosts, ({ object }) => object)].map(([object, hosts]) => {
    const services = [...cluster.services.values()].filter(({ host }) => hosts.some((open) => isOpenFor(open, host)));
    const entries = [...cluster.serviceEntries.values()].filter((entry) => entry.object === object);
    const path = ['metadata', 'labels', label.revision];
    return { object, path, what: named(object), places: [...services, ...entries].map(keyOf) };
  });
}
