import type { ClusterSettings } from '../parse/mesh.js';
import { hasSince } from './releases.js';

/** Whether a Gateway may say whose certificates clients show: the standard CRDs of Gateway API have it from 1.5 on. */
export function mayNameAuthorities({ istio, gatewayApi }: Pick<ClusterSettings, 'istio' | 'gatewayApi'>): boolean {
  return hasSince(istio.version, '1.31') || gatewayApi.channel === 'experimental';
}
