import type { Token } from '../request.js';
import type { HeaderDoubt, HttpView } from '../view.js';
import { matchesText } from './matcher.js';
import type { TokenRule } from './policy.js';

/** What a rule might find beside the token that a request is known to carry, and what that says nobody knows. */
export function tokenInDoubt(
  token: Token | undefined,
  { headers, headerDoubts, parameters }: Pick<HttpView, 'headers' | 'headerDoubts' | 'parameters'>,
  rules: readonly TokenRule[],
): string | undefined {
  const doubt = headerDoubts.find((each) => headersRead(rules).some((header) => matchesText(each.name, header)));
  if (doubt !== undefined) return doubt.why;
  const [header] = Object.entries(headers).find(([name, value]) => mayCarryToken(name, value, rules)) ?? [];
  if (header !== undefined) return `the token that header \`${header}\` may carry`;
  const parameter = rules.flatMap(({ places }) => places.parameters).find((name) => parameters.includes(name));
  if (parameter !== undefined) return `the token that parameter \`${parameter}\` may carry`;
  return token !== undefined && isReadUnclearly(rules)
    ? 'what a rule without an issuer, or a prefix, accepts'
    : undefined;
}

/** The headers in which rules look for a token. */
export function headersRead(rules: readonly TokenRule[]): readonly string[] {
  return rules.flatMap(({ places: { bearer, headers, cookies } }) => [
    ...(bearer ? ['authorization'] : []),
    ...headers,
    ...(cookies.length > 0 ? ['cookie'] : []),
  ]);
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

/** Why it is not known whether a request is one, where that is so. */
export function preflightInDoubt({ method, headerDoubts }: HttpView): string | undefined {
  const isOne = ({ name }: HeaderDoubt) => preflightHeaders.some((header) => matchesText(name, header));
  return method === 'OPTIONS' ? headerDoubts.find(isOne)?.why : undefined;
}

export function isPreflight({ method, headers }: Pick<HttpView, 'method' | 'headers'>): boolean {
  return method === 'OPTIONS' && preflightHeaders.every((name) => headers[name] !== undefined);
}
