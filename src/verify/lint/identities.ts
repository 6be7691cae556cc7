import { none } from '../algebra/bits.js';
import { principalOf } from '../identity.js';
import { type Matcher, matches } from '../matcher.js';
import type { Attribute } from '../view.js';
import type { LintContext } from './context.js';

/** Whether anybody that the manifests know could show a certificate that matches: a caller, a waypoint, an account. */
export function isSomebody({ mesh, callers }: LintContext, attribute: Attribute, matcher: Matcher): boolean {
  if (callers.matching(attribute, matcher).possibly !== none) return true;
  return [...mesh.clusters.values()].some(({ cluster, trustDomains }) => {
    const waypoints = [...cluster.waypoints.values()].map(
      (waypoint) => `${waypoint.namespace}/${waypoint.serviceAccount}`,
    );
    const accounts = [...new Set([...cluster.serviceAccounts, ...waypoints])];
    return accounts.some((account) =>
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
