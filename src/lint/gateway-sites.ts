import type { Callers } from '../algebra/callers.js';
import { planLane } from '../algebra/lane.js';
import { asArray, asObject, asText } from '../mesh/json.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { JsonValue } from '../parse/document.js';
import { type Gateway, keyOf, targetPortOf } from '../topology/model.js';
import { sortBy } from '../util/order.js';
import type { Served, Site } from './sites.js';

/** Every port at which a gateway takes requests. How sidecars and other gateways come there is not modelled. */
export function gatewaySitesOf(mesh: Mesh, callers: Callers): readonly Site[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    [...at.cluster.gateways.values()].flatMap((gateway) =>
      openPortsOf(gateway, at).map(({ podPort, behind }): Site => {
        const { cluster } = gateway;
        const destination = { kind: 'gateway', cluster, gateway: keyOf(gateway), port: podPort } as const;
        const plan = planLane(mesh, callers, { destination, payload: 'http' });
        return { at, addressed: `gateway \`${keyOf(gateway)}\``, podPort, behind, plan };
      }),
    ),
  );
}

type OpenPort = Pick<Site, 'podPort' | 'behind'>;

/** A Gateway of Gateway API listens on the ports it names; a classic one on those that its Service leads to. */
function openPortsOf(gateway: Gateway, at: MeshCluster): readonly OpenPort[] {
  const ports = gateway.kind === 'classic' ? portsBehind(gateway, at) : listenersOf(gateway);
  const distinct = [...new Map([...ports].reverse().map((port) => [port.podPort, port])).values()];
  return sortBy(distinct, ({ podPort }) => podPort);
}

function listenersOf({ object }: Gateway): readonly OpenPort[] {
  return asArray(asObject(object.value.spec)?.listeners).flatMap((listener) => {
    const port = portOf(listener);
    return port === undefined ? [] : [{ podPort: port, behind: undefined }];
  });
}

/** TLS that is passed through, and plain TCP, hold no requests. */
function portOf(listener: JsonValue): number | undefined {
  const { port, protocol } = asObject(listener) ?? {};
  const readable = ['HTTP', 'HTTPS'].includes(asText(protocol) ?? '');
  return readable && typeof port === 'number' ? port : undefined;
}

function portsBehind(gateway: Gateway, { cluster }: MeshCluster): readonly OpenPort[] {
  const workload = cluster.workloads.get(keyOf(gateway));
  if (workload === undefined) return [];
  return workload.services.flatMap((key) => {
    const service = cluster.services.get(key);
    return (service?.ports ?? []).flatMap((port): OpenPort[] => {
      const podPort = targetPortOf(port, workload);
      if (service === undefined || podPort === undefined || !takesRequests(port)) return [];
      return [{ podPort, behind: { service, port } }];
    });
  });
}

/** Ports from 15000 on are Istio's own: health, control plane, other clusters. */
function takesRequests({ number, transport, layer, protocol }: Served['port']): boolean {
  const readable = layer === 'http' || layer === 'detected' || protocol === 'https';
  return transport === 'TCP' && readable && (number < 15000 || number > 15999);
}
