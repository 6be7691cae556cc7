import { assertNever } from '../../util/assert.js';
import { contains, parseAddress, parseBlock } from '../ip.js';
import { matchesWhole } from '../routes/follow/re2.js';
import { type Truth, truthOf } from '../truth.js';
import { matchesTemplate } from './path-template.js';

/** One value of a policy's list, as the plane that enforces it compares it. */
export type Matcher =
  | TextMatcher
  | { readonly kind: 'block'; readonly block: string }
  /** A regular expression over the whole value: how Envoy reads namespaces (§8.4). */
  | { readonly kind: 'pattern'; readonly pattern: string }
  /** One of two regular expressions, and it is not known which: what both match is matched. */
  | { readonly kind: 'perhaps-pattern'; readonly surely: string; readonly possibly: string }
  /** A request principal, whose value is the issuer, a line feed, and the subject (§6.5). */
  | { readonly kind: 'issuer-and-subject'; readonly issuer: TextMatcher; readonly subject: TextMatcher }
  /** A form of which the facts do not say what it matches. */
  | { readonly kind: 'not-modelled'; readonly why: string };

export type TextMatcher =
  | { readonly kind: 'exact' | 'prefix' | 'suffix'; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: 'template'; readonly value: string }
  /** A regular expression of RE2 over the whole text, of which it is known what it matches. */
  | { readonly kind: 'regex'; readonly value: string }
  | { readonly kind: 'non-empty' }
  | { readonly kind: 'present' }
  /** The name in a Host header must match, whatever port follows it. */
  | { readonly kind: 'without-port'; readonly matcher: TextMatcher }
  /** What a text becomes on its way must match. One that does not begin as it is to never does. */
  | { readonly kind: 'rewritten'; readonly rewrite: PrefixRewrite; readonly matcher: TextMatcher };

/** A text that begins with `from` becomes `to` and what goes on after `from`; `alone` where nothing does. */
export interface PrefixRewrite {
  readonly from: string;
  readonly to: string;
  readonly alone: string;
}

/** `*` is any value that is not empty, `*x` a suffix, `x*` a prefix, anything else itself: the leading `*` is tested first (§1.4). */
export function textMatcher(value: string, ignoreCase = false): TextMatcher {
  if (value === '*') return { kind: 'non-empty' };
  if (value.startsWith('*')) return { kind: 'suffix', value: value.slice(1), ignoreCase };
  if (value.endsWith('*')) return { kind: 'prefix', value: value.slice(0, -1), ignoreCase };
  return { kind: 'exact', value, ignoreCase };
}

export function exactly(value: string): TextMatcher {
  return { kind: 'exact', value, ignoreCase: false };
}

export function matches(matcher: Matcher, value: string): Truth {
  switch (matcher.kind) {
    case 'block':
      return truthOf(inBlock(matcher.block, value));
    case 'pattern':
      return truthOf(matchesPattern(matcher.pattern, value));
    case 'perhaps-pattern':
      if (matchesPattern(matcher.surely, value)) return 'yes';
      return matchesPattern(matcher.possibly, value) ? 'unknown' : 'no';
    case 'issuer-and-subject': {
      const [issuer = '', subject = ''] = value.split('\n');
      return truthOf(matchesText(matcher.issuer, issuer) && matchesText(matcher.subject, subject));
    }
    case 'not-modelled':
      return 'unknown';
    default:
      return truthOf(matchesText(matcher, value));
  }
}

export function matchesText(matcher: TextMatcher, value: string): boolean {
  switch (matcher.kind) {
    case 'present':
      return true;
    case 'non-empty':
      return value !== '';
    case 'template':
      return matchesTemplate(matcher.value, value);
    case 'regex':
      return matchesWhole(matcher.value, value) === 'yes';
    case 'exact':
      return fold(value, matcher.ignoreCase) === fold(matcher.value, matcher.ignoreCase);
    case 'prefix':
      return fold(value, matcher.ignoreCase).startsWith(fold(matcher.value, matcher.ignoreCase));
    case 'suffix':
      return fold(value, matcher.ignoreCase).endsWith(fold(matcher.value, matcher.ignoreCase));
    case 'without-port':
      return matchesText(matcher.matcher, withoutPort(value));
    case 'rewritten':
      return value.startsWith(matcher.rewrite.from) && matchesText(matcher.matcher, rewrite(value, matcher.rewrite));
    default:
      return assertNever(matcher);
  }
}

/** Up to the first colon: what has several is the name of nothing that is served. */
function withoutPort(host: string): string {
  return host.replace(/:.*$/s, '');
}

function rewrite(value: string, { from, to, alone }: PrefixRewrite): string {
  return value === from ? alone : to + value.slice(from.length);
}

function matchesPattern(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 's').test(value);
}

function fold(value: string, ignoreCase: boolean): string {
  return ignoreCase ? value.toLowerCase() : value;
}

function inBlock(block: string, value: string): boolean {
  const range = parseBlock(block);
  const address = parseAddress(value);
  return range !== undefined && address !== undefined && contains(range, address);
}
