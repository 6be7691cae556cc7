import type { Cursor } from '../cursor.js';
import { listIn, textIn } from '../parse-istio.js';
import type { IssuerKeys, TokenIssuer } from './token-issuer.js';
import type { TokenPlace } from './token-place.js';

/** One issuer of tokens, defaults filled in. */
export function readIssuer(issuer: Cursor): TokenIssuer {
  const { value: name, span } = issuer.field('name').text();
  return {
    name,
    issuer: issuer.field('issuer').text().value,
    audiences: listIn(issuer, 'audiences') ?? [],
    keys: readKeys(issuer),
    from: issuer.optional('from', readPlaces),
    forwardOriginalToken: issuer.optional('forwardOriginalToken', (node) => node.value === true) ?? false,
    outputClaimToHeaders:
      issuer.optional('outputClaimToHeaders', (list) => list.value as TokenIssuer['outputClaimToHeaders']) ?? [],
    outputPayloadToHeader: textIn(issuer, 'outputPayloadToHeader'),
    spaceDelimitedClaims: listIn(issuer, 'spaceDelimitedClaims') ?? [],
    timeout: textIn(issuer, 'timeout'),
    span,
  };
}

/** The case of a header's name does not count. */
function readPlaces(from: Cursor): readonly TokenPlace[] {
  const headers = from.optional('headers', (list) => list.items()) ?? [];
  const named = (kind: 'cookie' | 'parameter', names: readonly string[] = []) => names.map((name) => ({ kind, name }));
  return [
    ...headers.map((header) => ({
      kind: 'header' as const,
      name: header.field('name').text().value.toLowerCase(),
      prefix: textIn(header, 'prefix') ?? '',
    })),
    ...named('cookie', listIn(from, 'cookies')),
    ...named('parameter', listIn(from, 'parameters')),
  ];
}

function readKeys(issuer: Cursor): IssuerKeys {
  for (const kind of ['jwksUri', 'jwks'] as const) {
    const value = textIn(issuer, kind);
    if (value !== undefined) return { kind, value };
  }
  return { kind: 'discovered' };
}
