import type { PathNormalization } from '../../parse/mesh.js';
import { asObject, asTexts } from '../json.js';
import type { MeshCluster } from '../mesh.js';
import { normalizePath, rejectedPath, withoutFragment } from '../normalize-path.js';
import type { Caller } from '../paths/caller.js';
import { type Hop, seesAddress } from '../paths/hops.js';
import type { Payload } from '../request.js';
import { type Known, known, unknown } from '../truth.js';
import { type HttpView, unchecked, type View } from '../view.js';

/** What a hop sees of a request (§4.1). */
export function viewAt(hop: Hop, caller: Caller, payload: Payload): View {
  return {
    principal: principalAt(hop, caller),
    sourceIp: sourceIpAt(hop, caller),
    remoteIp: remoteIpAt(hop, caller),
    destinationIp: destinationIpAt(hop),
    destinationPort: hop.port,
    serverName: hop.serverName ?? unknown('the server name of the TLS handshake'),
    http: hop.chain === 'http' && payload.kind === 'http' ? httpView(payload, pathsAt(hop.mesh)) : undefined,
  };
}

function sourceIpAt(hop: Hop, caller: Caller): View['sourceIp'] {
  const { addresses, peer } = hop;
  if (addresses !== undefined) return addresses.peer === 'caller' ? caller.ip : unknown(addresses.peer.why);
  if (!seesAddress(hop)) return known(undefined);
  return peer.kind === 'proxy' ? unknown('the address of the proxy’s pod') : caller.ip;
}

function remoteIpAt({ addresses }: Hop, caller: Caller): View['remoteIp'] {
  if (addresses?.client === 'caller') return caller.ip;
  return unknown(
    addresses?.client.why ?? 'the address that a proxy derives from X-Forwarded-For or the PROXY protocol',
  );
}

function principalAt({ peer }: Hop, caller: Caller): View['principal'] {
  switch (peer.kind) {
    case 'caller':
      return known(caller.identity);
    case 'proxy':
      return known(peer.identity);
    case 'nobody':
      return known(null);
    default:
      return unknown(peer.why);
  }
}

/** Manifests seldom carry addresses: a Service's virtual IP is there when it was read from a cluster. */
function destinationIpAt({ point }: Hop): Known<string> {
  if (point.kind !== 'waypoint' || point.service === undefined) return unknown('the address of the destination’s pod');
  const { clusterIP, clusterIPs } = asObject(point.service.object.value.spec) ?? {};
  if (asTexts(clusterIPs).length > 1) return unknown('which virtual IP of the service is addressed');
  return typeof clusterIP === 'string' ? known(clusterIP) : unknown('the virtual IP of the service');
}

function httpView(
  { method, path, host, headers }: Extract<Payload, { kind: 'http' }>,
  how: PathNormalization,
): HttpView {
  const normalized = normalizePath(path, how);
  const parameters = [...new URLSearchParams(/\?(.*)/s.exec(withoutFragment(path))?.[1] ?? '').keys()];
  const seen = normalized === rejectedPath ? path : normalized;
  return { method, path: seen, host, headers, parameters, ...unchecked };
}

/** How the proxies of a cluster write a path before they compare it. */
export function pathsAt({ cluster }: MeshCluster): PathNormalization {
  return cluster.settings.istio.pathNormalization;
}
