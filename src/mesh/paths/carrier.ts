import { peerAuthenticationAt } from '../policies/attach.js';
import { sidecarMode, sidecarScopes, undecidedRivals } from '../policies/peer-authentication.js';
import type { Caller } from './caller.js';
import type { Endpoint } from './endpoint.js';
import { noPath, notModelled, type Stop } from './hops.js';
import { decisiveSettings } from './tls-settings.js';

/** Whether the caller's certificate reaches the pod's proxy, or the connection arrives in plaintext (istio-traffic-topology §4.2). */
export function carrierOf(caller: Caller, endpoint: Endpoint): boolean | Stop {
  const { plane, hbone } = endpoint.workload.mode;
  if (caller.speaks === 'plaintext') return false;
  if (caller.speaks === 'ambient') return plane === 'ambient' || hbone;
  if (endpoint.service === undefined) {
    // A sidecar knows no listener for a pod's own address and passes the bytes on as they are (istio#37431).
    return caller.speaks === 'sidecar' ? false : noPath('a gateway routes to services, not to pod addresses');
  }
  return carrierOfSidecar(caller, endpoint);
}

/** Mutual TLS is automatic, unless a DestinationRule or the destination's own DISABLE says otherwise (§5.1, istio#53526). */
function carrierOfSidecar(caller: Caller, endpoint: Endpoint): boolean | Stop {
  const mode = tlsModeOf(caller, endpoint);
  if (typeof mode !== 'string') return mode;
  const { plane } = endpoint.workload.mode;
  if (mode === 'DISABLE') return false;
  if (plane === 'ambient') {
    return mode === 'UNSET' || noPath('a DestinationRule forces ISTIO_MUTUAL on an ambient pod (istio#53526)');
  }
  if (plane !== 'sidecar') {
    return mode === 'UNSET' ? false : noPath('a DestinationRule forces ISTIO_MUTUAL on a pod outside the mesh');
  }
  const plain = wantsPlaintext(endpoint);
  if (plain === undefined) return notModelled('which of several PeerAuthentications is the oldest (§5.1)');
  if (mode === 'UNSET') return !plain;
  return !plain || noPath('a DestinationRule forces ISTIO_MUTUAL on a port of mode DISABLE (§5.1)');
}

/** What the DestinationRule that a caller obeys says of TLS. */
function tlsModeOf({ namespace }: Caller, { mesh, service }: Endpoint): 'UNSET' | 'DISABLE' | 'ISTIO_MUTUAL' | Stop {
  if (service === undefined) return 'UNSET';
  const { host, namespace: home } = service.service;
  const [setting, ...others] = decisiveSettings(mesh.tlsSettings.get(host) ?? [], namespace, home, mesh.rootNamespace);
  if (setting === undefined) return 'UNSET';
  if (others.length > 0) return notModelled('several DestinationRules for one host, of which one sets TLS');
  const { mode, exported, isForSome } = setting;
  const isPlain = mode === 'UNSET' || mode === 'DISABLE' || mode === 'ISTIO_MUTUAL';
  if (isPlain && !isForSome && exported !== 'somewhere') return mode;
  return notModelled(`the TLS of DestinationRule ${setting.namespace}/${setting.name}`);
}

/** Waypoints call by HBONE alone, except outside the mesh (I-04). */
export function carriesIdentityFromWaypoint({ workload }: Endpoint): boolean | Stop {
  if (workload.mode.plane === 'none') return false;
  if (workload.mode.plane === 'ambient' || workload.mode.hbone) return true;
  return notModelled('a waypoint in front of a sidecar that does not listen on HBONE (I-04)');
}

/** Whether a sidecar's port is of mode DISABLE; `undefined` where manifests do not tell which policy counts. */
function wantsPlaintext({ mesh, workload, podPort }: Endpoint): boolean | undefined {
  const policies = peerAuthenticationAt('sidecar', workload, mesh);
  const disables = policies.some(({ mode, ports }) => [mode, ...ports.map((port) => port.mode)].includes('DISABLE'));
  if (!disables) return false;
  if (undecidedRivals(policies, mesh.rootNamespace).length > 0) return undefined;
  return sidecarMode(sidecarScopes(policies, mesh.rootNamespace), podPort) === 'DISABLE';
}
