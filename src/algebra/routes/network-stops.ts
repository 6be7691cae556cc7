import type { Admission } from '../../mesh/network-policies/admission.js';
import type { NetworkStop, Path, Stop } from '../../mesh/paths/hops.js';

interface Stopped<Hop> {
  readonly stop: Stop | undefined;
  readonly hops: readonly Hop[];
  readonly network?: NetworkStop;
  readonly admissions?: readonly Admission[];
}

type InNetwork = Pick<Extract<Path, { kind: 'path' }>, 'network' | 'admissions'>;

/** What is left of a way where NetworkPolicies stop it, or may: then what is refused on it is refused nonetheless. */
export function stoppedInNetwork<Hop>(hops: readonly Hop[], { network, admissions = [] }: InNetwork): Stopped<Hop> {
  const asked = admissions.length > 0 && { admissions };
  if (network === undefined) return { stop: undefined, hops, ...asked };
  if (network.isOnlyTold) return { stop: undefined, hops, network, ...asked };
  return { stop: network, hops: network.kind === 'no-path' ? [] : hops, ...asked };
}
