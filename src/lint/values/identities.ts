import { none } from '../../algebra/bits.js';
import { principalOf } from '../../mesh/identity.js';
import { type Matcher, matches } from '../../mesh/policies/matcher.js';
import type { Attribute } from '../../mesh/view.js';
import type { LintContext } from '../context.js';

/**
 * Whether anybody that the manifests know could show a certificate that matches: a caller, a waypoint, an account. An
 * account that one cluster has may come from any of them.
 */
export function isSomebody({ mesh, callers }: LintContext, attribute: Attribute, matcher: Matcher): boolean {
  if (callers.matching(attribute, matcher).possibly !== none) return true;
  const clusters = [...mesh.clusters.values()];
  const trustDomains = [...new Set(clusters.flatMap((at) => at.trustDomains))];
  return clusters.some(({ cluster }) => {
    const waypoints = [...cluster.waypoints.values()].map(
      ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`,
    );
    return [...cluster.serviceAccounts, ...waypoints].some((account) =>
      trustDomains.some((trustDomain) => matches(matcher, partOf(attribute, account, trustDomain)) !== 'no'),
    );
  });
}

function partOf(attribute: Attribute, account: string, trustDomain: string): string {
  const [namespace = '', serviceAccount = ''] = account.split('/');
  switch (attribute) {
    case 'source.namespace':
      return namespace;
    case 'source.serviceAccount':
      return account;
    case 'source.trustDomain':
      return trustDomain;
    default:
      return principalOf({ trustDomain, namespace, serviceAccount });
  }
}
