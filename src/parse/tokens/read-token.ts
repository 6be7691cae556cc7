import type { Located, Span } from '../../diagnostics/diagnostic.js';
import type { Cursor } from '../cursor.js';
import { listIn, textIn } from '../parse-istio.js';
import type { ClaimReference, TokenOfCase, TokenReference, TokenTexts } from './token-reference.js';

/** What a rule asks of the token of a request. */
export function readToken(token: Cursor): TokenReference {
  const { value, span } = token;
  if (value === 'Required' || value === 'Absent') return { kind: value, span };
  const except = token.optional('except', (list) => list.items()) ?? [];
  return {
    kind: 'Claims',
    ...readTexts(token, token.keySpan),
    except: except.map((item) => readTexts(item, item.span)),
  };
}

function readTexts(token: Cursor, span: Span): TokenTexts {
  const texts = (field: string) =>
    token.optional(field, (list) => ({ values: list.items().map((item) => item.text()), span: list.keySpan }));
  return {
    issuer: token.optional('issuer', (node) => node.text()),
    subjects: texts('subjects'),
    audiences: texts('audiences'),
    presenters: texts('presenters'),
    claims: token.optional('claims', (claims) => readClaims(claims, [])) ?? [],
    span,
  };
}

/** The token of a request that a test sends. */
export function readTokenOfCase(token: Cursor): TokenOfCase {
  return {
    issuer: token.field('issuer').text(),
    subject: textIn(token, 'subject'),
    audiences: listIn(token, 'audiences'),
    presenter: textIn(token, 'presenter'),
    claims: token.optional('claims', (claims) => readClaims(claims, [])) ?? [],
    valid: token.optional('valid', ({ value }) => value === true) ?? true,
  };
}

/** A claim in another one is written in it. */
function readClaims(claims: Cursor, path: readonly string[]): ClaimReference[] {
  return claims.fields().flatMap((claim) => {
    const names = [...path, claim.key];
    if (!Array.isArray(claim.value)) return readClaims(claim, names);
    const values = claim
      .items()
      .map((item) => ({ value: item.value, span: item.span }) as Located<string | number | boolean>);
    return [{ path: names, values, span: claim.keySpan }];
  });
}
