import { isIPv6 } from 'node:net';

/** What Go's `url.ParseRequestURI` accepts, which the API server's `isURL` is: an absolute URI or an absolute path. */
export function isRequestUri(text: string): boolean {
  if (text === '' || /[\p{Cc}]/u.test(text) || text.startsWith(':')) return false;
  if (text === '*') return true;
  const scheme = schemeOf(text);
  const rest = (scheme === '' ? text : text.slice(scheme.length + 1)).split('?', 1).join('');
  if (!rest.startsWith('/')) return scheme !== '';
  if (scheme === '' || !rest.startsWith('//')) return hasValidEscapes(rest);
  const [authority = '', ...path] = rest.slice(2).split('/');
  return isAuthority(authority) && hasValidEscapes(path.join('/'));
}

/** The scheme in lower case; empty where there is none. */
export function schemeOf(text: string): string {
  return /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1]?.toLowerCase() ?? '';
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function isAuthority(authority: string): boolean {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bracketed = /^\[([^\]]*)\](:\d*)?$/.exec(host);
  if (bracketed !== null) return isIPv6((bracketed[1] ?? '').split('%25', 1).join(''));
  return /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=<>"]|\P{ASCII}|%[89A-Fa-f][0-9A-Fa-f])*(?::\d*)?$/u.test(host);
}
