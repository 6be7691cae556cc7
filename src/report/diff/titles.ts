import type { ChangeKind } from '../../changes/change.js';

interface Title {
  /** How many of them there are, in words: `2 × access granted`. */
  readonly title: string;
  readonly sign: '+' | '-' | '!' | '?' | '~';
  /** Whether it weakens what was enforced. */
  readonly isWorse: boolean;
}

const titles: Readonly<Record<ChangeKind, Title>> = {
  'access-granted': { title: 'access granted', sign: '+', isWorse: true },
  'requests-no-longer-told-apart': { title: 'weakened from requests to connections', sign: '!', isWorse: true },
  'token-no-longer-needed': { title: 'token dropped', sign: '!', isWorse: true },
  'authorizer-no-longer-asked': { title: 'external authorizer dropped', sign: '!', isWorse: true },
  'plaintext-accepted': { title: 'mutual TLS relaxed', sign: '!', isWorse: true },
  'access-in-doubt': { title: 'doubt added', sign: '?', isWorse: true },
  'access-revoked': { title: 'access revoked', sign: '-', isWorse: false },
  'authorizer-newly-asked': { title: 'external authorizer added', sign: '~', isWorse: false },
  'plaintext-refused': { title: 'mutual TLS tightened', sign: '~', isWorse: false },
  'doubt-settled': { title: 'doubt settled', sign: '~', isWorse: false },
  'routed-anew': { title: 'route changed', sign: '~', isWorse: false },
  'enforcement-moved': { title: 'enforcement moved', sign: '~', isWorse: false },
  'gateway-added': { title: 'gateway added', sign: '~', isWorse: false },
  'gateway-removed': { title: 'gateway removed', sign: '~', isWorse: false },
  'waypoint-added': { title: 'waypoint added', sign: '~', isWorse: false },
  'waypoint-removed': { title: 'waypoint removed', sign: '~', isWorse: false },
  'workload-added': { title: 'workload added', sign: '~', isWorse: false },
  'workload-removed': { title: 'workload removed', sign: '~', isWorse: false },
  'data-plane-changed': { title: 'data plane changed', sign: '~', isWorse: false },
  'istio-changed': { title: 'settings of Istio changed', sign: '~', isWorse: false },
  'cluster-on-one-side': { title: 'cluster on one side only', sign: '?', isWorse: true },
};

export function titleOf(kind: ChangeKind): Title {
  return titles[kind];
}
