import type { PolicyInMesh } from '../../context.js';

/** Whether a principal is of `cluster.local` or of an alias where the trust domain is another (§8.3). */
export function namesOther(principal: string, { at }: PolicyInMesh): boolean {
  const [own, ...aliases] = at.trustDomains;
  const [written = ''] = principal.split('/');
  return principal.includes('/') && written !== own && ['cluster.local', ...aliases].includes(written);
}

/** The same principal in the trust domain of the cluster. */
export function inOwnTrustDomain(principal: string, { at }: PolicyInMesh): string {
  const [own = ''] = at.trustDomains;
  return [own, ...principal.split('/').slice(1)].join('/');
}
