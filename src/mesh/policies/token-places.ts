import type { TokenPlace } from '../../parse/tokens/token-place.js';
import type { Token } from '../request.js';
import type { HeaderDoubt, HttpView } from '../view.js';
import { matchesText } from './matcher.js';
import type { TokenRule } from './policy.js';
import { headerOf, placeText } from './token-place-text.js';

/** The usual place. */
export const bearer = { kind: 'header', name: 'authorization', prefix: 'Bearer ' } as const satisfies TokenPlace;

/** The rules that look into a place. */
export function readersOf(place: TokenPlace, rules: readonly TokenRule[]): readonly TokenRule[] {
  const text = placeText(place);
  return rules.filter(({ places }) => places.some((each) => placeText(each) === text));
}

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
  const places = rules.flatMap((rule) => rule.places);
  const parameter = places.find(({ kind, name }) => kind === 'parameter' && parameters.includes(name));
  if (parameter !== undefined) return `the token that parameter \`${parameter.name}\` may carry`;
  return token !== undefined && isReadUnclearly(token.in ?? bearer, rules)
    ? 'what a rule without an issuer, or a prefix, accepts'
    : undefined;
}

/** The headers in which rules look for a token. */
export function headersRead(rules: readonly TokenRule[]): readonly string[] {
  return rules.flatMap(({ places }) => places.flatMap((place) => headerOf(place) ?? []));
}

/** Whether a header of a request is a place in which a rule looks for a token. */
export function mayCarryToken(name: string, value: string, rules: readonly TokenRule[]): boolean {
  return rules.some(({ places }) =>
    places.some((place) => {
      if (place.kind === 'cookie') return name === 'cookie' && value.includes(`${place.name}=`);
      return place.kind === 'header' && name === place.name && value.includes(place.prefix);
    }),
  );
}

/** Whether the facts do not say what rules make of a token in a place: one without an issuer, or of a similar prefix. */
export function isReadUnclearly(place: TokenPlace, rules: readonly TokenRule[]): boolean {
  const text = placeText(place);
  return rules.some(({ issuer, places }) =>
    places.some((each) => (placeText(each) === text ? issuer === '' : finds(each, place))),
  );
}

/** A prefix counts wherever it is in a header (Envoy looks for it). */
function finds(searched: TokenPlace, place: TokenPlace): boolean {
  if (searched.kind !== 'header' || place.kind !== 'header' || searched.name !== place.name) return false;
  return place.prefix.includes(searched.prefix);
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
