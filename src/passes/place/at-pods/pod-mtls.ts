import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import { keyInMesh } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** What pods ask of plaintext: they have one mode, whichever of their Services it was written for. */
export interface PodMtls {
  readonly isStrict: boolean;
  /** Which unauthenticated clients are accepted all the same. */
  readonly exceptions: readonly Obligation[];
}

export function mtlsAtPods({ ownMtls }: PlaceContext, policy: DestinationPolicy): PodMtls {
  const deciding = policy.destination.workloads.map((workload) => ownMtls.get(keyInMesh(workload)) ?? policy);
  return {
    isStrict: deciding.every(({ mtls }) => mtls?.value === 'Strict'),
    exceptions: [...new Set(deciding.flatMap(({ plaintext }) => plaintext))],
  };
}
