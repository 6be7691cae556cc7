import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type Path, spanIn } from '../parse/document.js';
import { parseBlock } from './ip.js';
import type { AuthorizationPolicy, Item, Rule, Test } from './policy.js';
import type { Attribute } from './view.js';

/** What the API server and Istio's webhook refuse in a policy that could be read (§1.5, §1.7). */
export function checkAuthorization(policy: AuthorizationPolicy): readonly Diagnostic[] {
  const { action, provider, dryRun, rules } = policy;
  const items = rules.flatMap(({ from, to, when }: Rule) => [...from, ...to, ...when]);
  const complaints: readonly Complaint[] = [
    ...(provider !== undefined && action !== 'CUSTOM' ? [{ place: ['spec'], why: 'only CUSTOM has a provider' }] : []),
    ...(dryRun && action !== 'ALLOW' && action !== 'DENY'
      ? [{ place: ['metadata'], why: 'only ALLOW and DENY can be tried without effect' }]
      : []),
    ...(rules.length > 512 ? [{ place: ['spec', 'rules'], why: 'at most 512 rules are allowed' }] : []),
    ...items.flatMap(checkItem),
    ...items.flatMap(({ tests }) => tests).flatMap((test) => checkTest(test, policy)),
  ];
  const name = `AuthorizationPolicy ${policy.namespace}/${policy.name}`;
  return complaints.map(({ place, why }) =>
    diagnostic('policy-not-accepted', { policy: name, why }, spanIn(policy.object, place)),
  );
}

interface Complaint {
  readonly place: Path;
  readonly why: string;
}

/** Service accounts are an identity of their own: not beside principals or namespaces (§1.7). */
function checkItem({ tests, place }: Item): readonly Complaint[] {
  const attributes = tests.map(({ attribute }) => attribute);
  const mixed = attributes.includes('source.principal') || attributes.includes('source.namespace');
  if (!mixed || !attributes.includes('source.serviceAccount')) return [];
  return [{ place, why: '`serviceAccounts` cannot stand beside `principals` or `namespaces`' }];
}

function checkTest(test: Test, { action }: AuthorizationPolicy): readonly Complaint[] {
  const { attribute, field, values, notValues, place } = test;
  const all = [...values, ...notValues];
  const wrong = all.flatMap((value) => {
    const why = value === '' ? 'an empty value' : checkValue(attribute, value);
    return why === undefined ? [] : [{ place, why: `\`${field}\` has ${why}` }];
  });
  const blind = action === 'CUSTOM' && isIdentity(attribute);
  const crowded = field === 'serviceAccounts' && Math.max(values.length, notValues.length) > 16;
  return [
    ...wrong,
    ...(blind ? [{ place, why: `a CUSTOM policy cannot use \`${field}\`` }] : []),
    ...(crowded ? [{ place, why: 'at most 16 service accounts are allowed' }] : []),
  ];
}

/** External authorizers run before anybody is authenticated (§1.7, §2.6). */
function isIdentity(attribute: Attribute): boolean {
  return attribute.startsWith('request.auth.') || (attribute.startsWith('source.') && attribute !== 'source.ip');
}

function checkValue(attribute: Attribute, value: string): string | undefined {
  switch (attribute) {
    case 'source.ip':
    case 'remote.ip':
    case 'destination.ip':
      return parseBlock(value) === undefined ? `\`${value}\`, which is neither an IP address nor a block` : undefined;
    case 'destination.port':
      return /^\d+$/.test(value) && Number(value) <= 65535 ? undefined : `\`${value}\`, which is no port`;
    case 'request.path':
      return isAcceptedPath(value) ? undefined : `\`${value}\`, which is no valid path template`;
    default:
      return undefined;
  }
}

/** Braces only as whole segments, nothing but literals after `{**}`, and no wildcard beside a template (§1.5). */
function isAcceptedPath(path: string): boolean {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const isOperator = (segment: string) => segment === '{*}' || segment === '{**}';
  const literals = segments.filter((segment) => !isOperator(segment));
  if (literals.some((segment) => /[{}]/.test(segment))) return false;
  if (literals.length === segments.length) return true;
  const rest = segments.indexOf('{**}');
  if (rest >= 0 && segments.slice(rest + 1).some(isOperator)) return false;
  return literals.every((segment) => /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment));
}
