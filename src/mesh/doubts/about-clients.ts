import type { Path } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { keyOf, type Service } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { asObject } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import type { TlsSetting } from '../paths/tls-settings.js';
import { type Doubt, named } from './doubt.js';
import { isOpenFor } from './open-hosts.js';

/** What DestinationRules and BackendTLSPolicies leave open of how clients connect to pods of the mesh (§4.5). */
export function aboutTls(mesh: MeshCluster): readonly Doubt[] {
  const { cluster, tlsSettings } = mesh;
  const inMesh = ({ workloads }: Service) => {
    return workloads.some((key) => cluster.workloads.get(key)?.mode.plane !== 'none');
  };
  const services = [...cluster.services.values()].filter(inMesh);
  const pairs = services.flatMap((service) => {
    const all = tlsSettings.get(service.host) ?? [];
    return all.flatMap((setting) => {
      const path = openPath(setting, all, isGateway(mesh, service));
      return path === undefined ? [] : [{ setting, path, service: keyOf(service) }];
    });
  });
  return [...groupBy(pairs, ({ setting }) => setting)].flatMap(([{ object }, all]) => {
    const [first] = all;
    const places = all.map(({ service }) => service);
    return first === undefined ? [] : [{ object, path: first.path, what: named(object), places }];
  });
}

function isGateway({ cluster }: MeshCluster, { workloads }: Service): boolean {
  return workloads.every((key) => cluster.workloads.get(key)?.mode.plane === 'gateway');
}

/** TLS of the client's own is followed to pods, and not to a gateway, which may end it. */
function openPath(
  { open, isForSome, tls, ports, object }: TlsSetting,
  all: readonly TlsSetting[],
  isGateway: boolean,
): Path | undefined {
  const isOwn = isGateway && [tls, ...ports.map((port) => port.tls)].some((each) => isOther(each?.mode));
  if (object.kind === 'BackendTLSPolicy') return isOwn || all.length > 1 ? ['spec', 'targetRefs'] : undefined;
  if (open !== undefined || isOwn) return ['spec', 'trafficPolicy'];
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
