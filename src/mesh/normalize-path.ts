/** Why a path cannot be matched: Envoy answers 400 before any policy runs. */
export const rejectedPath = Symbol('rejected path');

/**
 * The path as Envoy's matchers see it: query removed, and normalised as `pathNormalization: BASE`, Istio's
 * default, does: backslashes turned, unreserved escapes decoded, dot segments resolved, slashes left alone, and what no path
 * may hold percent-encoded (§8.1).
 */
export function normalizePath(sent: string): string | typeof rejectedPath {
  const path = sent.replace(/\?.*$/s, '');
  if (path.includes('%00') || sent.includes('#')) return rejectedPath;
  const decoded = path.replace(/\\/g, '/').replace(/%([0-9a-fA-F]{2})/g, decodeUnreserved);
  return removeDotSegments(decoded).replace(/["<>^`{|}]/g, encoded);
}

function decodeUnreserved(written: string, digits: string): string {
  const character = String.fromCharCode(Number.parseInt(digits, 16));
  return /[A-Za-z0-9\-._~]/.test(character) ? character : written;
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** RFC 3986 §5.2.4, with empty segments kept. */
function removeDotSegments(path: string): string {
  if (!path.startsWith('/')) return path;
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const last = segments[segments.length - 1];
  return `/${kept.join('/')}${(last === '.' || last === '..') && kept.length > 0 ? '/' : ''}`;
}
