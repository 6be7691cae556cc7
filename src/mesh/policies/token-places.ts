import type { Token } from '../request.js';
import type { HttpView } from '../view.js';
import type { TokenRule } from './policy.js';

/** What a rule might find beside the token that a request is known to carry, and what that says nobody knows. */
export function tokenInDoubt(
  token: Token | undefined,
  { headers, parameters }: Pick<HttpView, 'headers' | 'parameters'>,
  rules: readonly TokenRule[],
): string | undefined {
  const [header] = Object.entries(headers).find(([name, value]) => mayCarryToken(name, value, rules)) ?? [];
  if (header !== undefined) return `the token that header \`${header}\` may carry`;
  const parameter = rules.flatMap(({ places }) => places.parameters).find((name) => parameters.includes(name));
  if (parameter !== undefined) return `the token that parameter \`${parameter}\` may carry`;
  return token !== undefined && isReadUnclearly(rules)
    ? 'what a rule without an issuer, or a prefix, accepts'
    : undefined;
}

/** Whether a header of a request is a place in which a rule looks for a token. */
export function mayCarryToken(name: string, value: string, rules: readonly TokenRule[]): boolean {
  return rules.some(({ places }) => {
    if (places.headers.includes(name)) return true;
    if (name === 'cookie') return places.cookies.some((cookie) => value.includes(`${cookie}=`));
    return name === 'authorization' && places.bearer && value.startsWith('Bearer ');
  });
}

/** Rules of which the facts do not say what they make of an ordinary bearer token. */
export function isReadUnclearly(rules: readonly TokenRule[]): boolean {
  return rules.some(
    ({ issuer, places }) => (places.bearer && issuer === '') || places.headers.includes('authorization'),
  );
}

/** The headers that make a request with method OPTIONS a CORS preflight, which no token rule looks at (§6.3). */
export const preflightHeaders = ['origin', 'access-control-request-method'] as const;

export function isPreflight({ method, headers }: Pick<HttpView, 'method' | 'headers'>): boolean {
  return method === 'OPTIONS' && preflightHeaders.every((name) => headers[name] !== undefined);
}
