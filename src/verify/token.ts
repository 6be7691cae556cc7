import type { RequestAuthentication, TokenRule } from './policy.js';
import type { Token } from './request.js';
import type { TokenView } from './view.js';

/** What request authentication makes of the token a request carries (§6.3). */
export type TokenCheck =
  | { readonly kind: 'passes'; readonly view: TokenView | undefined; readonly forwarded: Token | undefined }
  | { readonly kind: 'refused'; readonly response: 'unauthenticated' | 'forbidden'; readonly because: string }
  | { readonly kind: 'not-modelled'; readonly because: string };

/** No token passes without a principal; a token must satisfy one rule; where no rule applies it is not looked at (§6.3). */
export function checkToken(token: Token | undefined, policies: readonly RequestAuthentication[]): TokenCheck {
  const rules = policies.flatMap((policy) => policy.rules);
  if (token === undefined || rules.length === 0) return { kind: 'passes', view: undefined, forwarded: token };
  if (rules.some(({ defaultLocation, issuer }) => !defaultLocation || issuer === '')) {
    return { kind: 'not-modelled', because: 'token rules with a place of their own, or without an issuer' };
  }
  const ofIssuer = rules.filter(({ issuer }) => issuer === token.issuer);
  if (!token.valid || ofIssuer.length === 0) {
    return { kind: 'refused', response: 'unauthenticated', because: 'the token is valid for no rule (§6.3)' };
  }
  const accepting = ofIssuer.find((rule) => acceptsAudience(rule, token));
  if (accepting === undefined) {
    return { kind: 'refused', response: 'forbidden', because: 'the token is for another audience (§6.3)' };
  }
  return { kind: 'passes', view: viewOf(token), forwarded: accepting.forwards ? token : undefined };
}

function acceptsAudience({ audiences }: TokenRule, token: Token): boolean {
  return audiences.length === 0 || token.audiences.some((audience) => audiences.includes(audience));
}

/** Issuer, subject and the registered claims can be asked for as claims too (§6.5). */
function viewOf({ issuer, subject, audiences, presenter, claims }: Token): TokenView {
  const registered = {
    iss: [issuer],
    aud: audiences,
    ...(subject !== undefined && { sub: [subject] }),
    ...(presenter !== undefined && { azp: [presenter] }),
  };
  return { issuer, subject, audiences, presenter, claims: { ...claims, ...registered } };
}
