import { peerAuthenticationAt } from './attach.js';
import type { Caller } from './caller.js';
import type { Endpoint } from './endpoint.js';
import { noPath, notModelled, type Stop } from './hops.js';
import { sidecarMode, sidecarScopes, undecidedRivals } from './peer-authentication.js';
import { decisiveSettings } from './tls-settings.js';

/** Whether the caller's certificate reaches the pod's proxy, or the connection arrives in plaintext (§4.2 of the topology). */
export function carrierOf(caller: Caller, endpoint: Endpoint): boolean | Stop {
  const { plane, hbone } = endpoint.workload.mode;
  if (caller.speaks === 'plaintext') return false;
  if (caller.speaks === 'ambient') return plane === 'ambient' || hbone;
  if (endpoint.service === undefined) {
    // A sidecar knows no listener for a pod's own address and passes the bytes on as they are (istio#37431).
    return caller.speaks === 'sidecar' ? false : noPath('a gateway routes to services, not to pod addresses');
  }
  if (plane !== 'sidecar' && plane !== 'ambient') return false;
  return carrierOfSidecar(caller, endpoint);
}

/** Mutual TLS is automatic, unless a DestinationRule or the destination's own DISABLE says otherwise (§5.1, istio#53526). */
function carrierOfSidecar(caller: Caller, endpoint: Endpoint): boolean | Stop {
  const mode = tlsModeOf(caller, endpoint);
  if (typeof mode !== 'string') return mode;
  const ambient = endpoint.workload.mode.plane === 'ambient';
  if (mode === 'DISABLE') return false;
  if (!ambient && mayBePlain(endpoint)) return notModelled('which of several PeerAuthentications is the oldest (§5.1)');
  const plain = !ambient && modeAtSidecar(endpoint) === 'DISABLE';
  if (mode === 'UNSET') return !plain;
  if (plain) return noPath('a DestinationRule forces ISTIO_MUTUAL on a port of mode DISABLE (§5.1)');
  return ambient ? noPath('a DestinationRule forces ISTIO_MUTUAL on an ambient pod (istio#53526)') : true;
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

function modeAtSidecar({ mesh, workload, podPort }: Endpoint) {
  return sidecarMode(sidecarScopes(peerAuthenticationAt('sidecar', workload, mesh), mesh.rootNamespace), podPort);
}

/** Whether sidecars call in plaintext depends on a policy of which the manifests do not tell whether it counts. */
function mayBePlain({ mesh, workload }: Endpoint): boolean {
  const policies = peerAuthenticationAt('sidecar', workload, mesh);
  const disables = policies.some(({ mode, ports }) => [mode, ...ports.map((port) => port.mode)].includes('DISABLE'));
  return disables && undecidedRivals(policies, mesh.rootNamespace).length > 0;
}
