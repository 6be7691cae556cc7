import { compareText } from '../../util/order.js';
import type { PeerAuthentication, PeerMode } from './policy.js';

/** The oldest PeerAuthentication of each scope: the others of that scope are ignored (§5.1). */
export interface PeerScopes {
  readonly mesh: PeerAuthentication | undefined;
  readonly namespace: PeerAuthentication | undefined;
  readonly workload: PeerAuthentication | undefined;
}

/** The scopes a sidecar knows: an empty selector counts as none, and the root namespace's selectors are ignored (§5.1). */
export function sidecarScopes(policies: readonly PeerAuthentication[], rootNamespace: string): PeerScopes {
  const { mesh, namespace, workload } = rivals(policies, rootNamespace);
  return { mesh: oldest(mesh), namespace: oldest(namespace), workload: oldest(workload) };
}

/** Policies of one scope that say different things, of which the manifests do not tell the oldest. */
export function undecidedRivals(
  policies: readonly PeerAuthentication[],
  rootNamespace: string,
): readonly PeerAuthentication[] {
  return Object.values(rivals(policies, rootNamespace)).flatMap((scope) => {
    const dated = oldest(scope.filter(({ created }) => created !== ''));
    const candidates = [...scope.filter(({ created }) => created === ''), ...(dated === undefined ? [] : [dated])];
    const sayings = new Set(candidates.map(({ mode, ports }) => JSON.stringify([mode, ports])));
    return sayings.size > 1 ? candidates : [];
  });
}

type Rivals = Readonly<Record<keyof PeerScopes, readonly PeerAuthentication[]>>;

function rivals(policies: readonly PeerAuthentication[], rootNamespace: string): Rivals {
  const selectorless = policies.filter(hasNoSelector);
  return {
    mesh: selectorless.filter(({ namespace }) => namespace === rootNamespace),
    namespace: selectorless.filter(({ namespace }) => namespace !== rootNamespace),
    workload: policies.filter((policy) => !hasNoSelector(policy) && policy.namespace !== rootNamespace),
  };
}

/** What a sidecar accepts on a port: the nearest mode that is set, PERMISSIVE when none is (§5.1). */
export function sidecarMode(scopes: PeerScopes, port: number): Exclude<PeerMode, 'UNSET'> {
  const atPort = scopes.workload?.ports.find((exception) => exception.port === port)?.mode;
  for (const mode of [atPort, scopes.workload?.mode, scopes.namespace?.mode, scopes.mesh?.mode]) {
    if (mode !== undefined && mode !== 'UNSET') return mode;
  }
  return 'PERMISSIVE';
}

export function hasNoSelector({ matchLabels }: PeerAuthentication): boolean {
  return matchLabels === undefined || Object.keys(matchLabels).length === 0;
}

/** The oldest; among policies of one age, the first by name. */
export function oldest(policies: readonly PeerAuthentication[]): PeerAuthentication | undefined {
  return [...policies].sort(
    (left, right) => compareText(left.created, right.created) || compareText(left.name, right.name),
  )[0];
}
