import { envoyMatchers } from '../../../mesh/policies/envoy-matchers.js';
import type { Attribute } from '../../../mesh/view.js';
import { suggest } from '../../../util/suggest.js';
import type { LintContext, PolicyInMesh } from '../../context.js';
import { isSomebody } from '../identities.js';

/** A SPIFFE URI has a finding of its own. */
export function isNobody(
  context: LintContext,
  attribute: Attribute,
  value: string,
  { at, policy }: PolicyInMesh,
): boolean {
  if (value.startsWith('spiffe://')) return false;
  const surroundings = { namespace: policy.namespace, trustDomains: at.trustDomains, version: '1.31' } as const;
  const matchers = envoyMatchers(attribute, value, surroundings);
  const compared = attribute === 'source.namespace' ? 'source.principal' : attribute;
  return matchers.every((matcher) => !isSomebody(context, compared, matcher));
}

/** The known value that was probably meant. Of principals the accounts are compared: all else is alike in all of them. */
export function nearestTo({ mesh }: LintContext, attribute: Attribute, value: string): string | undefined {
  const accounts = [...mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.serviceAccounts]);
  if (attribute === 'source.namespace') return suggest(value, accounts.map(namespaceOf))[0];
  if (attribute === 'source.serviceAccount') return nearestAccount(value, accounts);
  const [, trustDomain, namespace, name] = /^([^/]*)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ?? [];
  if (trustDomain === undefined || accounts.includes(`${namespace}/${name}`)) return undefined;
  const nearest = nearestAccount(`${namespace}/${name}`, accounts);
  if (nearest === undefined) return undefined;
  const [meantNamespace = '', meantName = ''] = nearest.split('/');
  return `${trustDomain}/ns/${meantNamespace}/sa/${meantName}`;
}

/** One of which namespace and name both come near: a namespace in common makes no two names alike. */
function nearestAccount(written: string, accounts: readonly string[]): string | undefined {
  const parts = written.split('/');
  const isNear = (part: string | undefined, known: string) => part === known || suggest(part ?? '', [known]).length > 0;
  return suggest(
    written,
    accounts.filter((account) => account.split('/').every((known, index) => isNear(parts[index], known))),
  )[0];
}

function namespaceOf(account: string): string {
  return account.slice(0, account.indexOf('/'));
}
