import type { HttpRequest, Payload } from '../../../src/mesh/request.js';
import type { Condition } from '../../../src/parse/ast.js';

/** Whether a request satisfies every condition of a rule. Bytes satisfy none. */
export function satisfies(conditions: readonly Condition[], payload: Payload): boolean {
  if (conditions.length === 0) return true;
  if (payload.kind === 'tcp') return false;
  return conditions.every((condition) => holds(condition, payload));
}

function holds(condition: Condition, request: HttpRequest): boolean {
  return isSaid(condition, request) !== condition.isNegated;
}

function isSaid({ key, name = '', values }: Condition, request: HttpRequest): boolean {
  const { method, path, host, headers } = request;
  const texts = values.map(({ value }) => value);
  const value = headers[name.toLowerCase()];
  switch (key) {
    case 'token':
      return saidOf(request, name).some((said) => texts.some((text) => patternOf(text).test(said)));
    case 'methods':
      return texts.includes(method);
    case 'paths':
      return texts.some((text) => patternOf(text).test(path));
    case 'hosts':
      return texts.some((text) => patternOf(text.toLowerCase()).test(withoutPort(host.toLowerCase())));
    case 'serverNames':
      return false;
    case 'headers':
      return value !== undefined && texts.some((text) => text === '*' || patternOf(text).test(value));
  }
}

/** What a token says, as conditions ask for it; nothing where it is no valid one, and in a CORS preflight, which no proxy looks at. */
function saidOf({ method, headers, token }: HttpRequest, name: string): readonly string[] {
  const isPreflight = method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers;
  if (token === undefined || !token.valid || isPreflight) return [];
  const { issuer, subject, audiences, presenter, claims } = token;
  // A token without a subject, or with an empty one, names nobody (istio-security §6.5).
  if (name === 'principal') return subject ? [`${issuer}/${subject}`] : [];
  if (name === 'claims[sub]') return subject ? [subject] : [];
  if (name === 'audiences') return audiences;
  if (name === 'presenter') return presenter === undefined ? [] : [presenter];
  const path = name.slice('claims['.length, -1).split('][').join('.');
  return (claims[path] ?? []).filter((claim) => typeof claim === 'string');
}

/** `*` at one end stands for anything; `{*}` for one segment and `{**}` for any number. */
export function patternOf(text: string): RegExp {
  const isTemplate = /\{\*{1,2}\}/.test(text);
  const escapeRegExp = (literal: string) => literal.replace(/[.+?^$()|[\]\\{}*]/g, '\\$&');
  if (isTemplate) {
    const parts = text
      .split(/(\{\*{1,2}\})/)
      .map((part) => (part === '{*}' ? '[^/]+' : part === '{**}' ? '.*' : escapeRegExp(part)));
    return new RegExp(`^${parts.join('')}$`, 's');
  }
  if (text === '*') return /./s;
  if (text.startsWith('*')) return new RegExp(`${escapeRegExp(text.slice(1))}$`, 's');
  return text.endsWith('*')
    ? new RegExp(`^${escapeRegExp(text.slice(0, -1))}`, 's')
    : new RegExp(`^${escapeRegExp(text)}$`, 's');
}

/** Whatever stands in the port's place: nobody promises that it is a number. */
function withoutPort(host: string): string {
  return host.replace(/:[^:\]]*$/, '');
}
