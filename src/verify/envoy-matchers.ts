import { exactly, type Matcher, type TextMatcher, textMatcher } from './matcher.js';
import type { Attribute } from './view.js';

/** What Envoy's compiler needs to know beside the policy: its namespace, and the trust domains that count as own (§8.3). */
export interface EnvoyContext {
  readonly namespace: string;
  /** The cluster's own first, then the aliases. */
  readonly trustDomains: readonly string[];
  /** From 1.31 on istiod compiles `trustDomains` (§1.3). */
  readonly knowsTrustDomains: boolean;
}

/** A value of a policy's list as Envoy's matchers read it: one value can become several (§1.3, §1.4, §8.4). */
export function envoyMatchers(attribute: Attribute, value: string, context: EnvoyContext): readonly Matcher[] {
  switch (attribute) {
    case 'source.principal':
      return expandTrustDomains(value, context.trustDomains).map(principalMatcher);
    case 'source.namespace':
      return [namespaceMatcher(value)];
    case 'source.serviceAccount':
      return [exactly(value.includes('/') ? value : `${context.namespace}/${value}`)];
    case 'source.trustDomain':
      return [context.knowsTrustDomains ? textMatcher(value) : notModelled('`trustDomains` before Istio 1.31')];
    case 'source.ip':
    case 'destination.ip':
    case 'remote.ip':
      return [{ kind: 'block', block: value }];
    case 'destination.port':
      return [exactly(String(Number(value)))];
    case 'request.host':
      return [textMatcher(value, true)];
    case 'request.path':
      return [pathMatcher(value)];
    case 'request.auth.principal':
      return [requestPrincipalMatcher(value)];
    default:
      return [attribute.startsWith('request.headers[') && value === '*' ? { kind: 'present' } : textMatcher(value)];
  }
}

/** A template when it has a template's operators (§1.5), else the common wildcards. */
function pathMatcher(value: string): Matcher {
  return value.includes('{*}') || value.includes('{**}') ? { kind: 'template', value } : textMatcher(value);
}

/** Suffixes become regular expressions whose metacharacters older releases do not escape (§8.4, §10 no. 22). */
function principalMatcher(value: string): Matcher {
  const matcher = textMatcher(value);
  return matcher.kind === 'suffix' && hasMetacharacter(matcher.value.replaceAll('.', ''))
    ? notModelled(`the characters of principal \`${value}\` in a regular expression`)
    : matcher;
}

/** `.*\/ns/<value>/.*` over the whole identity, where every `*` of the value is `.*` (§8.4). */
function namespaceMatcher(value: string): Matcher {
  if (hasMetacharacter(value.replaceAll('*', ''))) {
    return notModelled(`the characters of namespace \`${value}\` in a regular expression`);
  }
  return { kind: 'pattern', pattern: `.*/ns/${value.replaceAll('*', '.*')}/.*` };
}

function hasMetacharacter(text: string): boolean {
  return /[\\^$.*+?()[\]{}|]/.test(text);
}

/** Issuer and subject are split at the last `/`; without one, a wildcard is about one of them only (§6.5). */
function requestPrincipalMatcher(value: string): Matcher {
  const nonEmpty: TextMatcher = { kind: 'non-empty' };
  const slash = value.lastIndexOf('/');
  if (slash >= 0) {
    const [issuer, subject] = [value.slice(0, slash), value.slice(slash + 1)].map((part) => textMatcher(part));
    return { kind: 'issuer-and-subject', issuer: issuer ?? nonEmpty, subject: subject ?? nonEmpty };
  }
  const matcher = textMatcher(value);
  return matcher.kind === 'suffix'
    ? { kind: 'issuer-and-subject', issuer: nonEmpty, subject: matcher }
    : { kind: 'issuer-and-subject', issuer: matcher, subject: nonEmpty };
}

/** Five-part principals of an own trust domain, or of `cluster.local`, mean every own trust domain (§8.3). */
function expandTrustDomains(principal: string, trustDomains: readonly string[]): readonly string[] {
  const [written, ...rest] = principal.split('/');
  if (written === undefined || rest.length !== 4 || written === '*') return [principal];
  const own = written === 'cluster.local' || trustDomains.includes(written);
  return own ? trustDomains.map((trustDomain) => [trustDomain, ...rest].join('/')) : [principal];
}

function notModelled(why: string): Matcher {
  return { kind: 'not-modelled', why };
}
