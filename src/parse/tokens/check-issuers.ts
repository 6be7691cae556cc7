import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Located } from '../../diagnostics/diagnostic.js';
import { type Cursor, cursorAt } from '../cursor.js';
import type { Document } from '../document.js';
import { keySetFault } from './key-set-fault.js';

/** Faults of issuers of tokens: they are here, whatever rule asks for their tokens. */
export function checkIssuers(document: Document): Diagnostic[] {
  const spec = cursorAt(document, []).field('spec');
  const issuers = spec.optional('tokenIssuers', (list) => list.items()) ?? [];
  return [
    ...repeated(issuers, 'name'),
    ...repeated(issuers, 'issuer'),
    ...checkPlaces(issuers),
    ...issuers.flatMap(checkIssuer),
  ];
}

/** Two declarations of one issuer would be two sets of keys, either of which lets its tokens in (istio-security §6.3). */
function repeated(issuers: readonly Cursor[], field: 'name' | 'issuer'): Diagnostic[] {
  const texts = issuers.map((issuer) => issuer.field(field).text());
  return texts.flatMap(({ value, span }, index) => {
    const first = texts.findIndex((each) => each.value === value);
    if (first === index) return [];
    const notes = [{ message: 'the first is here', span: texts[first]?.span ?? span }];
    return [diagnostic('duplicate-token-issuer', { what: `${field} \`${value}\`` }, span, { notes })];
  });
}

/** A proxy looks for a prefix anywhere in a header, so that one within another finds the other's tokens too. */
function checkPlaces(issuers: readonly Cursor[]): Diagnostic[] {
  const headers = issuers.flatMap((issuer) =>
    (issuer.optional('from', (from) => from.optional('headers', (list) => list.items())) ?? []).map((header) => ({
      name: header.field('name').text(),
      prefix: header.optional('prefix', (node) => node.text().value) ?? '',
    })),
  );
  return headers.flatMap(({ name, prefix }) => {
    const header = name.value.toLowerCase();
    const others = headers.filter((each) => each.name.value.toLowerCase() === header).map((each) => each.prefix);
    const usual = header === 'authorization' ? ['Bearer '] : [];
    const other = [...others, ...usual].find((each) => each !== prefix && each.includes(prefix));
    if (other === undefined) return [];
    const behind = prefix === '' ? 'without a prefix' : `behind \`${prefix}\``;
    return [diagnostic('token-place-unclear', { header, behind, other }, name.span)];
  });
}

function checkIssuer(issuer: Cursor): Diagnostic[] {
  return [...checkKeys(issuer), ...checkHeaders(issuer)];
}

function checkKeys(issuer: Cursor): Diagnostic[] {
  const uri = issuer.optional('jwksUri', (node) => node.text());
  const keys = issuer.optional('jwks', (node) => node.text());
  const own = issuer.field('issuer').text();
  const fault = keys && keySetFault(keys.value);
  return [
    ...(fault === undefined || keys === undefined ? [] : [diagnostic('malformed-jwks', { why: fault }, keys.span)]),
    ...(uri === undefined || isUrl(uri.value) ? [] : [diagnostic('malformed-jwks-uri', { uri: uri.value }, uri.span)]),
    ...(uri || keys || isUrl(own.value) ? [] : [diagnostic('issuer-without-keys', { issuer: own.value }, own.span)]),
  ];
}

/** Of two claims in one header nobody could say which an application finds. */
function checkHeaders(issuer: Cursor): Diagnostic[] {
  const payload = issuer.optional('outputPayloadToHeader', (node) => node.text());
  const claims = issuer.optional('outputClaimToHeaders', (list) => list.items()) ?? [];
  const headers = [...claims.map((item) => item.field('header').text()), ...(payload ? [payload] : [])];
  return headers.flatMap(({ value, span }, index) => {
    const isFirst = headers.findIndex((each) => sameHeader(each, value)) === index;
    return isFirst ? [] : [diagnostic('token-header-twice', { header: value }, span)];
  });
}

function sameHeader({ value }: Located<string>, header: string): boolean {
  return value.toLowerCase() === header.toLowerCase();
}

function isUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
