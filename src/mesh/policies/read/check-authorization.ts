import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { isIdentityAttribute, isTokenAttribute } from '../../fields.js';
import { parseBlock } from '../../ip.js';
import { asArray, asLabels, asObject } from '../../json.js';
import type { Attribute } from '../../view.js';
import type { AuthorizationPolicy, Item, Rule, Test } from '../policy.js';
import { checkRule } from './check-rule.js';

/** What Istio's webhook refuses in a policy of the right shape (§1.5, §1.7). */
export function checkAuthorization(policy: AuthorizationPolicy): readonly Complaint[] {
  const items = policy.rules.flatMap(({ from, to, when }: Rule) => [...from, ...to, ...when]);
  const rules = asArray(asObject(policy.object.value.spec)?.rules);
  return [
    ...checkAction(policy),
    ...checkDryRun(policy),
    ...rules.flatMap((rule, index) => checkRule(rule, ['spec', 'rules', index])),
    ...items.flatMap(checkItem),
    ...items.flatMap(({ tests }) => tests).flatMap((test) => checkTest(test, policy)),
  ];
}

function checkAction({ action, provider, rules }: AuthorizationPolicy): readonly Complaint[] {
  const idle = (action === 'DENY' || action === 'CUSTOM') && rules.length === 0;
  return [
    ...complaintWhen(action === 'CUSTOM' && (provider ?? '') === '', ['spec'], 'a CUSTOM policy needs a provider'),
    ...complaintWhen(action !== 'CUSTOM' && provider !== undefined, ['spec'], 'only CUSTOM has a provider'),
    ...complaintWhen(idle, ['spec'], `a policy of action \`${action}\` needs rules`),
  ];
}

function checkDryRun({ action, object }: AuthorizationPolicy): readonly Complaint[] {
  const place = ['metadata', 'annotations', 'istio.io/dry-run'];
  const written = asLabels(asObject(object.value.metadata)?.annotations)['istio.io/dry-run'];
  if (written === undefined) return [];
  const unknown = !/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(written);
  return [
    ...complaintWhen(
      action === 'AUDIT' || action === 'CUSTOM',
      place,
      'only ALLOW and DENY can be tried without effect',
    ),
    ...complaintWhen(unknown, place, `\`${written}\` is neither true nor false`),
  ];
}

/** Service accounts are an identity of their own: not beside principals or namespaces (§1.7). */
function checkItem({ tests, place }: Item): readonly Complaint[] {
  const attributes = tests.map(({ attribute }) => attribute);
  const mixed = attributes.includes('source.principal') || attributes.includes('source.namespace');
  const why = '`serviceAccounts` cannot stand beside `principals` or `namespaces`';
  return complaintWhen(mixed && attributes.includes('source.serviceAccount'), place, why);
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
    ...complaintWhen(blind, place, `a CUSTOM policy cannot use \`${field}\``),
    ...complaintWhen(crowded, place, 'at most 16 service accounts are allowed'),
  ];
}

/** External authorizers run before anybody is authenticated (§1.7, §2.6). */
function isIdentity(attribute: Attribute): boolean {
  return isTokenAttribute(attribute) || isIdentityAttribute(attribute);
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
    case 'source.serviceAccount':
      return /^[^/*]+(\/[^/*]+)?$/.test(value) && value.length <= 320
        ? undefined
        : `\`${value}\`, which is neither a service account nor \`namespace/service account\``;
    default:
      return undefined;
  }
}

/** Braces only as whole segments, nothing but literals after `{**}`, and no wildcard beside a template (§1.5). */
function isAcceptedPath(path: string): boolean {
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  const isOperator = (segment: string) => segment === '{*}' || segment === '{**}';
  const literals = segments.filter((segment) => !isOperator(segment));
  if (literals.some((segment) => /[{}]/.test(segment))) return false;
  if (literals.length === segments.length) return true;
  const rest = segments.indexOf('{**}');
  if (rest >= 0 && segments.slice(rest + 1).some(isOperator)) return false;
  return literals.every((segment) => /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment));
}
