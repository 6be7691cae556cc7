import type { IstioVersion } from '../../parse/mesh.js';
import { escapeRegExp } from '../../util/escape-reg-exp.js';
import type { Attribute } from '../view.js';
import { exactly, type Matcher, type TextMatcher, textMatcher } from './matcher.js';
import { isTemplate } from './path-template.js';

/** What Envoy's compiler needs to know beside the policy: its namespace, and the trust domains that count as own (§8.3). */
export interface EnvoyContext {
  readonly namespace: string;
  /** The cluster's own first, then the aliases. */
  readonly trustDomains: readonly string[];
  readonly version: IstioVersion;
}

/** A value of a policy's list as Envoy's matchers read it: one value can become several (§1.3, §1.4, §8.4). */
export function envoyMatchers(attribute: Attribute, value: string, context: EnvoyContext): readonly Matcher[] {
  switch (attribute) {
    case 'source.principal':
      return expandTrustDomains(value, context.trustDomains).map((principal) => principalMatcher(principal, context));
    case 'source.namespace':
      return [namespaceMatcher(value, context)];
    case 'source.serviceAccount':
      return [serviceAccountMatcher(value, context)];
    case 'source.trustDomain':
      return trustDomainMatchers(value, context);
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

/** A template when it has a template's operators, else the common wildcards. Envoy's literals know no `=` (§1.5). */
function pathMatcher(value: string): Matcher {
  if (!isTemplate(value)) return textMatcher(value);
  return value.includes('=') ? notModelled(`the \`=\` of path template \`${value}\``) : { kind: 'template', value };
}

/** A suffix is looked for by a regular expression, anything else as text (§8.4). */
function principalMatcher(value: string, context: EnvoyContext): Matcher {
  const matcher = textMatcher(value);
  if (matcher.kind !== 'suffix') return matcher;
  if (!matcher.value.includes('*')) return expression(matcher.value, '.*', '', context) ?? matcher;
  return context.version >= '1.30' ? matcher : notModelled(`the \`*\` of \`${value}\` in a regular expression`);
}

/** `.*\/ns/<value>/.*` over the whole identity, where every `*` of the value is `.*` (§8.4). */
function namespaceMatcher(value: string, context: EnvoyContext): Matcher {
  const pattern = `.*/ns/${value.replaceAll('*', '.*')}/.*`;
  return expression(value, '.*/ns/', '/.*', context) ?? { kind: 'pattern', pattern };
}

function serviceAccountMatcher(value: string, context: EnvoyContext): Matcher {
  const whole = value.includes('/') ? value : `${context.namespace}/${value}`;
  return expression(whole, '', '', context) ?? exactly(whole);
}

/**
 * A text within a regular expression, if it has characters that mean something there. Releases before 1.30 escape them
 * or not by their patch (§8.4): what the two readings do not agree on is not known.
 */
function expression(value: string, before: string, after: string, { version }: EnvoyContext): Matcher | undefined {
  const texts = value.split('*');
  if (!texts.some((text) => text !== escapeRegExp(text))) return undefined;
  const pattern = `${before}${texts.map(escapeRegExp).join('.*')}${after}`;
  if (version >= '1.30') return { kind: 'pattern', pattern };
  if (/[\\^$+?()[\]{}|]/.test(value)) return notModelled(`the characters of \`${value}\` in a regular expression`);
  return { kind: 'perhaps-pattern', surely: pattern, possibly: `${before}${texts.join('.*')}${after}` };
}

/** From 1.31 on istiod compiles them (§1.3). Whether one of several own trust domains stands for all is not pinned. */
function trustDomainMatchers(value: string, { trustDomains, version }: EnvoyContext): readonly Matcher[] {
  if (version < '1.31') return [notModelled('`trustDomains` before Istio 1.31')];
  if (!trustDomains.includes(value)) return [textMatcher(value)];
  const others = trustDomains.filter((trustDomain) => trustDomain !== value).map(escapeRegExp);
  const alias: Matcher = { kind: 'perhaps-pattern', surely: escapeRegExp(value), possibly: others.join('|') };
  return others.length === 0 ? [exactly(value)] : [exactly(value), alias];
}

/** A wildcard counts at the end of the whole value, and only there: issuer and subject are split at the last `/` (§6.5). */
function requestPrincipalMatcher(value: string): Matcher {
  const slash = value.lastIndexOf('/');
  const [issuer, subject] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (slash < 0) return requestPrincipalOfOnePart(value);
  if (value.startsWith('*')) return issuerAndSubject(textMatcher(issuer), exactly(subject));
  const prefix = { kind: 'prefix', value: subject.slice(0, -1), ignoreCase: false } as const;
  if (value.endsWith('*')) return issuerAndSubject(exactly(issuer), subject === '*' ? nonEmpty : prefix);
  return issuerAndSubject(exactly(issuer), exactly(subject));
}

/** Without a `/` a wildcard leaves issuer or subject open; without either the subject would have to be empty (§6.5). */
function requestPrincipalOfOnePart(value: string): Matcher {
  const matcher = textMatcher(value);
  if (matcher.kind === 'suffix') return issuerAndSubject(nonEmpty, matcher);
  return issuerAndSubject(matcher, matcher.kind === 'exact' ? exactly('') : nonEmpty);
}

const nonEmpty: TextMatcher = { kind: 'non-empty' };

function issuerAndSubject(issuer: TextMatcher, subject: TextMatcher): Matcher {
  return { kind: 'issuer-and-subject', issuer, subject };
}

/** Five-part principals of an own trust domain, or of `cluster.local`, mean every own trust domain (§8.3). */
function expandTrustDomains(principal: string, trustDomains: readonly string[]): readonly string[] {
  const [written, ...rest] = principal.split('/');
  if (written === undefined || rest.length !== 4 || written === '*') return [principal];
  const fits = (own: string) => own === written || (written.startsWith('*') && own.endsWith(written.slice(1)));
  if (written !== 'cluster.local' && !trustDomains.some(fits)) return [principal];
  return trustDomains.map((own) => (fits(own) ? principal : [own, ...rest].join('/')));
}

function notModelled(why: string): Matcher {
  return { kind: 'not-modelled', why };
}
