import { normalizePath } from '../../mesh/normalize-path.js';
import type { Rule } from '../../mesh/policies/policy.js';
import type { Attribute } from '../../mesh/view.js';
import type { PathNormalization } from '../../parse/mesh.js';
import { testsOf } from '../written.js';

/** A value that no request can have: why, and what was probably meant. */
export interface Misspelling {
  readonly why: string;
  /** What to write; absent where a policy cannot say it. */
  readonly right: string | undefined;
  /** What comes nearest to it among the values that can be compared. */
  readonly meant: string;
}

/** What is wrong with a value that is compared with an attribute of requests, if anything is (§1.4, §1.5, §8.1). */
export function misspellingOf(attribute: Attribute, value: string, paths: PathNormalization): Misspelling | undefined {
  switch (attribute) {
    case 'request.method':
      return inCapitals(value);
    case 'request.path':
      return ofPath(value, paths);
    case 'request.host':
      return ofHost(value);
    case 'request.auth.principal':
      return ofTokenPrincipal(value);
    default:
      return undefined;
  }
}

/** Whether some value of a rule can be had by no request. */
export function hasMisspelling(rule: Rule, paths: PathNormalization): boolean {
  return testsOf(rule).some(({ attribute, values }) =>
    values.some((value) => misspellingOf(attribute, value, paths) !== undefined),
  );
}

/** gRPC calls everything with POST (§1.4). */
export const methodOfGrpc: Misspelling = {
  why: 'gRPC sends every call as POST',
  right: undefined,
  meant: 'POST',
};

function inCapitals(value: string): Misspelling | undefined {
  const right = value.toUpperCase();
  return right === value ? undefined : corrected('methods are compared with their case, and are in capitals', right);
}

function ofHost(value: string): Misspelling | undefined {
  const [, host = ''] = /^(?:[a-z]+:\/\/)?([^/]*)/.exec(value) ?? [];
  return host === value ? undefined : corrected('a host has neither a scheme nor a path', host);
}

/** An issuer that is a URL holds slashes itself, and a wildcard behind them is one of the subject (§6.5). */
function ofTokenPrincipal(value: string): Misspelling | undefined {
  if (!/^https?:\/\/[^/]*$/.test(value)) return undefined;
  const why = 'it is split at its last `/` into an issuer and a subject';
  return value.endsWith('*') ? { why, right: undefined, meant: '*' } : corrected(why, `${value}/*`);
}

function ofPath(value: string, paths: PathNormalization): Misspelling | undefined {
  const path = value.replace(/[?#].*$/s, '');
  if (path !== value) return corrected('paths are compared without their query', path);
  if (!/^[/*]/.test(value)) return corrected('a path begins with `/`', `/${value}`);
  if (/\{\*\*?\}/.test(value)) return undefined;
  return ofWildcards(value) ?? ofNormalized(value, paths);
}

/** A value has one wildcard, at its beginning or its end; any other star is a character (§1.4). */
function ofWildcards(value: string): Misspelling | undefined {
  const isSuffix = value.startsWith('*') && value !== '*';
  const literal = isSuffix ? value.slice(1) : value.replace(/\*$/, '');
  if (!literal.includes('*')) return undefined;
  const why = 'a star is a wildcard at the beginning or the end of a value, and a character elsewhere';
  const template = templateOf(value);
  if (template !== undefined) return corrected(why, template);
  return {
    why,
    right: undefined,
    meant: isSuffix ? `*${literal.replace(/\*.*$/s, '')}` : literal.replace(/\*.*$/s, '*'),
  };
}

/** The same with templates, where every star stands for whole segments (§1.5). */
function templateOf(value: string): string | undefined {
  const segments = value.split('/');
  const inner = segments.slice(1, -1);
  const last = segments.at(-1) ?? '';
  const isWhole = [...inner, last].every((segment) => segment === '*' || !segment.includes('*'));
  if (segments[0] !== '' || !isWhole) return undefined;
  return ['', ...inner.map((segment) => (segment === '*' ? '{*}' : segment)), last === '*' ? '{**}' : last].join('/');
}

/** Proxies resolve dots, decode escapes and may merge slashes before they compare (§8.1). */
function ofNormalized(value: string, paths: PathNormalization): Misspelling | undefined {
  if (!value.startsWith('/') || /[*{]/.test(value)) return undefined;
  const normalized = normalizePath(value, paths);
  if (typeof normalized !== 'string' || normalized === value) return undefined;
  const onlySlashes = normalizePath(value, 'BASE') === value;
  const why = onlySlashes ? 'slashes are merged' : 'dots are resolved and escapes decoded';
  return corrected(`paths are compared after ${why}`, normalized);
}

function corrected(why: string, right: string): Misspelling {
  return { why, right, meant: right };
}
