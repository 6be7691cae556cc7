import type { SourceMatch } from '../../ir/policy-ir.js';
import type { Caller } from '../../resolve/resolved.js';
import type { Topology } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { compareText, sortedUnique } from '../../util/order.js';

/** Every trust domain that an identity of the mesh may carry at a proxy. */
export function trustDomains({ mesh }: Meshed): readonly string[] {
  return trustDomainsOf(mesh);
}

/** What knows its mesh: a topology, and the context of whoever places something in it. */
type Meshed = Pick<Topology, 'mesh'>;

const trustDomainsOf = oncePerObject(({ clusters }: Topology['mesh']): readonly string[] =>
  sortedUnique(clusters.flatMap(({ trustDomain, trustDomainAliases }) => [trustDomain, ...trustDomainAliases])),
);

/**
 * The `source` items that match these callers; `undefined` means any source. `serviceAccounts` is written wherever the
 * mesh has one trust domain, because it means the same on every plane; where there are several it would also match the
 * same name in a foreign one, so principals are written in full (istio-security §1.3, §8.3).
 */
export function sourceMatches(meshed: Meshed, callers: readonly Caller[]): SourceMatch[] | undefined {
  if (callers.some((caller) => caller.kind === 'anyone' && caller.except.length === 0)) return undefined;
  const whole = callers.filter((caller) => !hasExceptions(caller));
  return [
    ...wholeSources(meshed, whole),
    ...callers.filter(hasExceptions).map((caller) => exceptedSource(meshed, caller)),
  ];
}

function wholeSources(meshed: Meshed, callers: readonly Caller[]): SourceMatch[] {
  const accounts = sortedUnique(
    callers.flatMap((caller) => (caller.kind === 'identities' ? caller.serviceAccounts : [])),
  );
  const namespaces = sortedUnique(callers.flatMap((caller) => (caller.kind === 'namespace' ? [caller.namespace] : [])));
  const ipBlocks = sortedUnique(callers.flatMap((caller) => (caller.kind === 'addresses' ? caller.ipBlocks : [])));
  return [
    ...identitySources(meshed, accounts),
    ...namespaceSources(meshed, namespaces),
    ...(ipBlocks.length > 0 ? [{ ipBlocks }] : []),
    ...(callers.some(({ kind }) => kind === 'anyAuthenticated') ? [{ principals: ['*'] }] : []),
    ...(callers.some(({ kind }) => kind === 'unidentified') ? [{ notPrincipals: ['*'] }] : []),
  ];
}

function hasExceptions(caller: Caller): boolean {
  return caller.except.length > 0 || (caller.kind === 'addresses' && caller.exceptBlocks.length > 0);
}

/** One caller without those who are excepted. Beside ServiceAccounts the API admits no other field, so principals are written (istio-security §1.7). */
function exceptedSource(meshed: Meshed, caller: Caller): SourceMatch {
  if (caller.kind === 'addresses') return { ipBlocks: caller.ipBlocks, notIpBlocks: caller.exceptBlocks };
  const [meant] = caller.kind === 'anyone' ? [] : wholeSources(meshed, [caller]);
  const { except } = caller;
  const accounts = except.flatMap((each) => (each.kind === 'identities' ? each.serviceAccounts : []));
  const [namespaces] = namespaceSources(
    meshed,
    sortedUnique(except.flatMap((each) => (each.kind === 'namespace' ? [each.namespace] : []))),
  );
  const notPrincipals = sortedUnique([
    ...principalsOf(meshed, sortedUnique(accounts)),
    ...(namespaces?.principals ?? []),
  ]);
  return {
    ...meant,
    ...(notPrincipals.length > 0 && { notPrincipals }),
    ...(namespaces?.namespaces && { notNamespaces: namespaces.namespaces }),
  };
}

export function identitySources(meshed: Meshed, accounts: readonly string[]): SourceMatch[] {
  if (accounts.length === 0) return [];
  return trustDomains(meshed).length === 1
    ? [{ serviceAccounts: accounts }]
    : [{ principals: principalsOf(meshed, accounts) }];
}

function namespaceSources(meshed: Meshed, namespaces: readonly string[]): SourceMatch[] {
  if (namespaces.length === 0) return [];
  const domains = trustDomains(meshed);
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
function principalsOf(meshed: Meshed, accounts: readonly string[]): string[] {
  return trustDomains(meshed)
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
  meshed: Meshed,
  sources: readonly SourceMatch[] | undefined,
  accounts: readonly string[],
): SourceMatch[] {
  const notPrincipals = principalsOf(meshed, accounts);
  return (sources ?? [{}]).map((source) =>
    source.serviceAccounts || source.notPrincipals?.includes('*')
      ? source
      : { ...source, notPrincipals: sortedUnique([...(source.notPrincipals ?? []), ...notPrincipals]) },
  );
}
