import type { ClaimValue, Token } from '../request.js';
import type { HttpView, TokenView } from '../view.js';
import type { RequestAuthentication, TokenRule } from './policy.js';
import { bearer, isPreflight, preflightInDoubt, readersOf, tokenInDoubt } from './token-places.js';

/** What request authentication makes of the token a request carries (§6.3). */
export type TokenCheck =
  | {
      readonly kind: 'passes';
      readonly view: TokenView | undefined;
      readonly forwarded: Token | undefined;
      /** The rules that accept the token; empty where none was looked at. */
      readonly accepting: readonly TokenRule[];
    }
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
  const unread = { kind: 'passes', view: undefined, forwarded: token, accepting: [] } as const;
  if (http === undefined || rules.length === 0) return unread;
  if (http.requestDoubt !== undefined) return { kind: 'not-modelled', because: http.requestDoubt };
  const preflightDoubt = preflightInDoubt(http);
  if (preflightDoubt !== undefined) return { kind: 'not-modelled', because: preflightDoubt };
  if (isPreflight(http)) return unread;
  const doubt = tokenInDoubt(token, http, rules);
  if (doubt !== undefined) return { kind: 'not-modelled', because: doubt };
  const readers = token === undefined ? [] : readersOf(token.in ?? bearer, rules);
  return token === undefined || readers.length === 0 ? unread : validate(token, readers);
}

function validate(token: Token, readers: readonly TokenRule[]): TokenCheck {
  const ofIssuer = readers.filter(({ issuer }) => issuer === token.issuer);
  if (!token.valid || ofIssuer.length === 0) {
    return { kind: 'refused', response: 'unauthenticated', because: 'the token is valid for no rule (§6.3)' };
  }
  const accepting = ofIssuer.filter((rule) => acceptsAudience(rule, token));
  const [first] = accepting;
  if (first === undefined) {
    return { kind: 'refused', response: 'forbidden', because: 'the token is for another audience (§6.3)' };
  }
  return { kind: 'passes', view: viewOf(token, first), forwarded: first.forwards ? token : undefined, accepting };
}

function acceptsAudience({ audiences }: TokenRule, token: Token): boolean {
  return audiences.length === 0 || token.audiences.some((audience) => audiences.includes(audience));
}

/** Only texts are compared: a number or a boolean equals nothing that a policy can say (§6.5). */
function viewOf(token: Token, { wordClaims }: TokenRule): TokenView {
  const { issuer, subject, audiences, presenter } = token;
  const inWords = Object.entries(claimsOf(token)).map(([name, values]) => {
    const texts = values.filter((value) => typeof value === 'string');
    return [name, wordsOfClaim(name, texts, wordClaims)];
  });
  return { issuer, subject, audiences, presenter, claims: Object.fromEntries(inWords) };
}

/** All claims of a token: issuer, subject and other registered ones are claims too (§6.5). */
export function claimsOf(token: Token): Readonly<Record<string, readonly ClaimValue[]>> {
  const { issuer, subject, audiences, presenter, claims } = token;
  return {
    ...claims,
    iss: [issuer],
    aud: audiences,
    ...(subject !== undefined && { sub: [subject] }),
    ...(presenter !== undefined && { azp: [presenter] }),
  };
}

/** `scope` and `permission` are words in every token, other claims where a rule says so (§6.5). */
function wordsOfClaim(claim: string, values: readonly string[], wordClaims: readonly string[]): readonly string[] {
  return isOfWords(claim, wordClaims) ? values.flatMap((value) => value.split(' ')) : values;
}

export function isOfWords(claim: string, wordClaims: readonly string[]): boolean {
  return claim === 'scope' || claim === 'permission' || wordClaims.includes(claim);
}
