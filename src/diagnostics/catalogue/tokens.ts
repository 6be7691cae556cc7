import type { CatalogueEntry } from '../entry.js';

/** Who issues tokens, and what rules ask of them. */
export const tokenNames = {
  'unknown-token-issuer': {
    code: 'AMB2120',
    severity: 'error',
    message: 'the Mesh document names no issuer of tokens `{name}`',
    help: 'add it under `tokenIssuers` of the Mesh document',
  },
  'duplicate-token-issuer': {
    code: 'AMB2121',
    severity: 'error',
    message: '{what} is declared twice',
    help: 'declare an issuer once; rules tell its tokens apart by `audiences`, `subjects` and `claims`',
  },
  'malformed-jwks': {
    code: 'AMB2122',
    severity: 'error',
    message: 'this is no JSON Web Key Set with the public keys of an issuer: {why}',
    help: 'write what the issuer publishes: `{"keys": [{"kty": "RSA", "n": …, "e": …}]}`',
  },
  'malformed-jwks-uri': {
    code: 'AMB2123',
    severity: 'error',
    message: '`{uri}` is no address from which keys can be fetched',
    help: 'write a URL with `https://` or `http://`',
  },
  'issuer-without-keys': {
    code: 'AMB2124',
    severity: 'error',
    message: 'nothing says which keys sign the tokens of `{issuer}`, which is no URL to discover them at',
    help: 'add `jwksUri` or `jwks`',
  },
  'token-header-twice': {
    code: 'AMB2125',
    severity: 'error',
    message: 'header `{header}` is written twice',
    help: 'give each claim a header of its own',
  },
  'no-token-issuers': {
    code: 'AMB2126',
    severity: 'error',
    message: 'a rule asks about tokens, and the Mesh document names nobody who issues them',
    help: 'add `tokenIssuers` to the Mesh document',
  },
  'claim-not-text': {
    code: 'AMB2127',
    severity: 'error',
    message: '`{value}` is {type}, and proxies compare texts: a claim that is {type} equals none',
    help: 'compare a claim that is a text or a list of texts; if this one is a text, quote its value',
  },
  'claim-with-own-field': {
    code: 'AMB2128',
    severity: 'error',
    message: 'claim `{claim}` has a field of its own',
    help: 'write `{field}` beside `claims`',
  },
  'malformed-claim': {
    code: 'AMB2129',
    severity: 'error',
    message: '`{claim}` is not a claim to compare: {why}',
  },
  'token-place-unclear': {
    code: 'AMB2130',
    severity: 'error',
    message: 'tokens in header `{header}` {behind} are not told from those behind `{other}`',
    help: 'write the whole prefix, such as `Bearer ` with its space',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** Where tokens are validated. */
export const tokenPlacement = {
  'existing-authentication-widens': {
    code: 'AMB3100',
    severity: 'error',
    message:
      'existing RequestAuthentication `{policy}` also accepts tokens of `{issuer}` at {destination}, {how}: one acceptance is enough',
    help: 'delete it: Ambit writes one for every destination whose rules ask for tokens',
  },
  'existing-authentication-narrows': {
    code: 'AMB3101',
    severity: 'warning',
    message:
      'existing RequestAuthentication `{policy}` looks at requests to {destination} too, and refuses tokens that the intents say nothing of',
    help: 'delete it, and name its issuers in the Mesh document',
  },
  'foreign-token-refused': {
    code: 'AMB3102',
    severity: 'info',
    message:
      '{what} needs no token, but a request with a token that is expired, or of another issuer than {issuers}, is answered 401 at {destination}',
    help: 'nothing needs to be done if clients send no other tokens there; else give what is public a Service and pods of its own',
  },
  'token-taken-at-gateway': {
    code: 'AMB3103',
    severity: 'error',
    message:
      'gateway `{gateway}` takes the tokens of `{issuer}` out of requests, so that `{rule}` finds none of those that come through it',
    help: 'let the gateway send them on with `forwardOriginalToken: true`',
  },
} as const satisfies Record<string, CatalogueEntry>;
