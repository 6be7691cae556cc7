import type { Token } from '../request.js';
import type { HttpView, TokenView } from '../view.js';
import type { RequestAuthentication, TokenRule } from './policy.js';
import { isPreflight, tokenInDoubt } from './token-places.js';

/** What request authentication makes of the token a request carries (§6.3). */
export type TokenCheck =
  | { readonly kind: 'passes'; readonly view: TokenView | undefined; readonly forwarded: Token | undefined }
  | { readonly kind: 'refused'; readonly response: 'unauthenticated' | 'forbidden'; readonly because: string }
  | { readonly kind: 'not-modelled'; readonly because: string };

/**
 * No token passes without a principal; a token must satisfy one rule of those that look where it is; what no rule looks
 * for is not looked at, and nor is a CORS preflight (§6.3).
 */
export function checkToken(
  token: Token | undefined,
  http: HttpView | undefined,
  policies: readonly RequestAuthentication[],
): TokenCheck {
  const rules = policies.flatMap((policy) => policy.rules);
  const unread = { kind: 'passes', view: undefined, forwarded: token } as const;
  if (http === undefined || rules.length === 0 || isPreflight(http)) return unread;
  const doubt = tokenInDoubt(token, http, rules);
  if (doubt !== undefined) return { kind: 'not-modelled', because: doubt };
  const readers = rules.filter(({ places }) => places.bearer);
  return token === undefined || readers.length === 0 ? unread : validate(token, readers);
}

function validate(token: Token, readers: readonly TokenRule[]): TokenCheck {
  const ofIssuer = readers.filter(({ issuer }) => issuer === token.issuer);
  if (!token.valid || ofIssuer.length === 0) {
    return { kind: 'refused', response: 'unauthenticated', because: 'the token is valid for no rule (§6.3)' };
  }
  const accepting = ofIssuer.find((rule) => acceptsAudience(rule, token));
  if (accepting === undefined) {
    return { kind: 'refused', response: 'forbidden', because: 'the token is for another audience (§6.3)' };
  }
  return { kind: 'passes', view: viewOf(token, accepting), forwarded: accepting.forwards ? token : undefined };
}

function acceptsAudience({ audiences }: TokenRule, token: Token): boolean {
  return audiences.length === 0 || token.audiences.some((audience) => audiences.includes(audience));
}

/** Issuer, subject and the registered claims can be asked for as claims too (§6.5). */
function viewOf({ issuer, subject, audiences, presenter, claims }: Token, { wordClaims }: TokenRule): TokenView {
  const registered = {
    iss: [issuer],
    aud: audiences,
    ...(subject !== undefined && { sub: [subject] }),
    ...(presenter !== undefined && { azp: [presenter] }),
  };
  const inWords = Object.entries({ ...claims, ...registered }).map(([name, values]) => [
    name,
    wordsOfClaim(name, values, wordClaims),
  ]);
  return { issuer, subject, audiences, presenter, claims: Object.fromEntries(inWords) };
}

/** `scope` and `permission` are words in every token, other claims where a rule says so (§6.5). */
export function wordsOfClaim(
  claim: string,
  values: readonly string[],
  wordClaims: readonly string[],
): readonly string[] {
  return isOfWords(claim, wordClaims) ? values.flatMap((value) => value.split(' ')) : values;
}

export function isOfWords(claim: string, wordClaims: readonly string[]): boolean {
  return claim === 'scope' || claim === 'permission' || wordClaims.includes(claim);
}
