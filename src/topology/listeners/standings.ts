import { groupBy } from '../../util/order.js';
import type { Listener, ListenerStanding } from '../model.js';

/** The listeners of one gateway's pods, with what keeps them from being open beside each other or at all. */
export function withStandings(listeners: readonly Listener[], isUnprivileged: boolean): readonly Listener[] {
  const families = groupBy(
    listeners.filter(({ standing }) => standing.kind === 'open'),
    ({ podPort }) => podPort,
  );
  return listeners.map((listener) => {
    const { podPort, standing } = listener;
    if (standing.kind !== 'open') return listener;
    const rivals = families.get(podPort) ?? [];
    const changed = standingAt(podPort, isUnprivileged, new Set(rivals.map(familyOf)).size > 1);
    return changed === undefined ? listener : { ...listener, standing: changed };
  });
}

function standingAt(port: number, isUnprivileged: boolean, isShared: boolean): ListenerStanding | undefined {
  if (isUnprivileged && port < 1024) {
    return { kind: 'left-out', because: `the pods are said to have no right to port ${port} (UNPRIVILEGED_POD)` };
  }
  if (!isShared) return undefined;
  return { kind: 'undecided', because: `which of several protocols istiod serves on port ${port} of the pods` };
}

/** Servers of one port are merged where all carry plain requests, or all TLS. */
function familyOf({ tls, reads }: Listener): string {
  return tls === undefined ? `plain ${reads}` : 'TLS';
}
