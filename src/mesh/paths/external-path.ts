import { keyOf } from '../../topology/model.js';
import { doubtAboutHost } from '../doubts/open-hosts.js';
import { asObject } from '../json.js';
import type { Mesh } from '../mesh.js';
import type { Destination } from '../request.js';
import type { Caller } from './caller.js';
import { egressFor } from './gateway/egress.js';
import { gatewayPath } from './gateway/gateway-path.js';
import { noPath, notModelled, type Path } from './hops.js';
import { outboundTo } from './outbound.js';

/**
 * On the way out of the mesh only a waypoint of the ServiceEntry enforces anything: for ambient callers (T-87), and for
 * ingress that is labelled for it.
 */
export function externalPath(
  mesh: Mesh,
  caller: Caller,
  { cluster, entry: key, host, port }: Extract<Destination, { kind: 'external' }>,
): Path {
  const at = mesh.clusters.get(cluster);
  const entry = at?.cluster.serviceEntries.get(key);
  if (at === undefined || entry === undefined) return noPath(`there is no ServiceEntry \`${key}\``);
  if (caller.cluster !== cluster) return noPath('the ServiceEntry is for callers of its own cluster');
  const spec = asObject(entry.object.value.spec);
  if (spec?.location === 'MESH_INTERNAL' || spec?.workloadSelector !== undefined) {
    return notModelled('a ServiceEntry whose endpoints are in the mesh');
  }
  const open = doubtAboutHost(at.openHosts, host.toLowerCase());
  if (open !== undefined) return notModelled(open);
  const layer = entry.ports.find(({ number }) => number === port)?.layer ?? 'detected';
  const sent = outboundTo(caller, {
    host,
    namespace: entry.namespace,
    exportTo: entry.exportTo,
    port: { number: port, layer },
  });
  if (typeof sent !== 'string') return sent;
  const egress = sent === 'known' ? egressFor(at, caller, { entry, host, port, layer }) : undefined;
  if (egress?.kind === 'egress') {
    const destination = { kind: 'gateway', cluster, gateway: keyOf(egress.gateway), port: egress.port } as const;
    return gatewayPath(mesh, caller, { ...destination, serverName: host }, { kind: 'tcp' });
  }
  if (egress !== undefined) return egress;
  const usesWaypoint = caller.speaks === 'ambient' || (caller.speaks === 'gateway' && entry.ingressUsesWaypoint);
  if (usesWaypoint && entry.binding.kind === 'bound') {
    return notModelled('what a waypoint enforces before a host outside the mesh');
  }
  return {
    kind: 'path',
    hops: [],
    because: 'nothing stands before a host outside the mesh (istio-traffic-topology T-87)',
  };
}
