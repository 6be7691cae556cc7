import type { SourceMatch } from '../../ir/policy-ir.js';
import type { Caller } from '../../resolve/resolved.js';
import type { Topology } from '../../topology/model.js';
import { compareText, sortedUnique } from '../../util/order.js';

/** Every trust domain that an identity of the mesh may carry at a proxy. */
function trustDomains({ clusters }: Topology): string[] {
  return sortedUnique(clusters.flatMap(({ settings }) => [settings.trustDomain, ...settings.trustDomainAliases]));
}

/**
 * The `source` items that match these callers; `undefined` means any source. `serviceAccounts` is written wherever the
 * mesh has one trust domain, because it means the same on every plane; where there are several it would also match the
 * same name in a foreign one, so principals are written in full (istio-security §1.3, §8.3).
 */
export function sourceMatches(topology: Topology, callers: readonly Caller[]): SourceMatch[] | undefined {
  if (callers.some(({ kind }) => kind === 'anyone')) return undefined;
  const accounts = sortedUnique(
    callers.flatMap((caller) => (caller.kind === 'identities' ? caller.serviceAccounts : [])),
  );
  const namespaces = sortedUnique(callers.flatMap((caller) => (caller.kind === 'namespace' ? [caller.namespace] : [])));
  const ipBlocks = sortedUnique(callers.flatMap((caller) => (caller.kind === 'addresses' ? caller.ipBlocks : [])));
  return [
    ...identitySources(topology, accounts),
    ...namespaceSources(topology, namespaces),
    ...(ipBlocks.length > 0 ? [{ ipBlocks }] : []),
    ...(callers.some(({ kind }) => kind === 'anyAuthenticated') ? [{ principals: ['*'] }] : []),
    ...(callers.some(({ kind }) => kind === 'unidentified') ? [{ notPrincipals: ['*'] }] : []),
  ];
}

export function identitySources(topology: Topology, accounts: readonly string[]): SourceMatch[] {
  if (accounts.length === 0) return [];
  return trustDomains(topology).length === 1
    ? [{ serviceAccounts: accounts }]
    : [{ principals: principalsOf(topology, accounts) }];
}

function namespaceSources(topology: Topology, namespaces: readonly string[]): SourceMatch[] {
  if (namespaces.length === 0) return [];
  const domains = trustDomains(topology);
  if (domains.length === 1) return [{ namespaces }];
  return [
    {
      principals: domains
        .flatMap((domain) => namespaces.map((namespace) => `${domain}/ns/${namespace}/sa/*`))
        .sort(compareText),
    },
  ];
}

/** `<trust domain>/ns/<namespace>/sa/<name>`, without `spiffe://`, which no proxy would match. */
function principalsOf(topology: Topology, accounts: readonly string[]): string[] {
  return trustDomains(topology)
    .flatMap((domain) =>
      accounts.map((account) => {
        const [namespace = '', name = ''] = account.split('/');
        return `${domain}/ns/${namespace}/sa/${name}`;
      }),
    )
    .sort(compareText);
}

/** The same sources, except for some identities: a denial by address or namespace must not hit the waypoint itself. */
export function exceptIdentities(
  topology: Topology,
  sources: readonly SourceMatch[] | undefined,
  accounts: readonly string[],
): SourceMatch[] {
  const notPrincipals = principalsOf(topology, accounts);
  return (sources ?? [{}]).map((source) =>
    source.serviceAccounts || source.notPrincipals ? source : { ...source, notPrincipals },
  );
}
