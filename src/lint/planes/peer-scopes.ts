import { peerAuthenticationAt } from '../../mesh/policies/attach.js';
import { type PeerScopes, sidecarMode, sidecarScopes } from '../../mesh/policies/peer-authentication.js';
import type { PeerAuthentication, PeerMode } from '../../mesh/policies/policy.js';
import type { PodSite } from '../sites.js';

/** The PeerAuthentications that count for a pod, as a sidecar reads them (§5.1). */
export function scopesAt({ at, workload }: PodSite): PeerScopes {
  return sidecarScopes(peerAuthenticationAt('sidecar', workload, at), at.rootNamespace);
}

/** Whether a policy is what gives a port its mode: it says this mode itself, and this mode is in force. */
export function setsMode(policy: PeerAuthentication, mode: PeerMode, site: PodSite): boolean {
  const scopes = scopesAt(site);
  const own = policy.ports.find(({ port }) => port === site.podPort)?.mode ?? policy.mode;
  return Object.values(scopes).includes(policy) && own === mode && sidecarMode(scopes, site.podPort) === mode;
}
