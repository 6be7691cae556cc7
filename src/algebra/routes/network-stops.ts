import type { NetworkStop, Stop } from '../../mesh/paths/hops.js';

interface Stopped<Hop> {
  readonly stop: Stop | undefined;
  readonly hops: readonly Hop[];
  readonly network?: NetworkStop;
}

/** What is left of a way where NetworkPolicies stop it, or may: then what is refused on it is refused nonetheless. */
export function stoppedInNetwork<Hop>(hops: readonly Hop[], network: NetworkStop | undefined): Stopped<Hop> {
  if (network === undefined) return { stop: undefined, hops };
  if (network.isOnlyTold) return { stop: undefined, hops, network };
  return { stop: network, hops: network.kind === 'no-path' ? [] : hops };
}
