import type { DestinationPolicy } from '../../ir/policy-ir.js';

/** Whether a destination needs a PeerAuthentication beside its namespace's. */
export function hasOwnPeerAuthentication({ mtls, plaintext }: DestinationPolicy): boolean {
  return (
    mtls !== undefined && (plaintext.length > 0 || mtls.scope.kind === 'service' || mtls.scope.kind === 'workload')
  );
}
