import type { Cursor } from '../cursor.js';
import { listIn, textIn } from '../parse-istio.js';
import type { IssuerKeys, TokenIssuer } from './token-issuer.js';

/** One issuer of tokens, defaults filled in. */
export function readIssuer(issuer: Cursor): TokenIssuer {
  const { value: name, span } = issuer.field('name').text();
  return {
    name,
    issuer: issuer.field('issuer').text().value,
    audiences: listIn(issuer, 'audiences') ?? [],
    keys: readKeys(issuer),
    forwardOriginalToken: issuer.optional('forwardOriginalToken', (node) => node.value === true) ?? false,
    outputClaimToHeaders:
      issuer.optional('outputClaimToHeaders', (list) => list.value as TokenIssuer['outputClaimToHeaders']) ?? [],
    outputPayloadToHeader: textIn(issuer, 'outputPayloadToHeader'),
    spaceDelimitedClaims: listIn(issuer, 'spaceDelimitedClaims') ?? [],
    timeout: textIn(issuer, 'timeout'),
    span,
  };
}

function readKeys(issuer: Cursor): IssuerKeys {
  for (const kind of ['jwksUri', 'jwks'] as const) {
    const value = textIn(issuer, kind);
    if (value !== undefined) return { kind, value };
  }
  return { kind: 'discovered' };
}
