import type { PathNormalization } from '../parse/mesh.js';

/** Why a path cannot be matched: Envoy answers 400 before any policy runs. */
export const rejectedPath = Symbol('rejected path');

/** Characters that stand in no path once it is normalised: they are percent-encoded. */
export const encodedInPaths: ReadonlySet<string> = new Set('"<>^`{|}');

/** What a proxy takes of a path: a fragment it leaves out, wherever it begins, and sends on without it (§8.1). */
export function withoutFragment(sent: string): string {
  return sent.replace(/#.*$/s, '');
}

/**
 * The path as Envoy's matchers see it: query and fragment removed, and rewritten as `pathNormalization` of the MeshConfig says (§8.1).
 * BASE turns backslashes, decodes unreserved escapes, resolves dot segments and percent-encodes what no path may hold; slashes
 * are merged after that, and decoded before.
 */
export function normalizePath(sent: string, how: PathNormalization): string | typeof rejectedPath {
  const path = withoutFragment(sent).replace(/\?.*$/s, '');
  if (how === 'NONE') return path;
  if (path.includes('%00')) return rejectedPath;
  const slashed = how === 'DECODE_AND_MERGE_SLASHES' ? path.replace(/%2f/gi, '/').replace(/%5c/gi, '\\') : path;
  const decoded = slashed.replace(/\\/g, '/').replace(/%([0-9a-fA-F]{2})/g, decodeUnreserved);
  const resolved = removeDotSegments(decoded).replace(/["<>^`{|}]/g, encoded);
  return how === 'BASE' ? resolved : mergeSlashes(resolved);
}

function decodeUnreserved(written: string, digits: string): string {
  const character = String.fromCharCode(Number.parseInt(digits, 16));
  return isUnreserved(character) ? character : written;
}

/** Whether a character means the same where it is percent-encoded, so that it is decoded. */
export function isUnreserved(character: string): boolean {
  return /[A-Za-z0-9\-._~]/.test(character);
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

/** A path of slashes alone keeps its first and its last. */
function mergeSlashes(path: string): string {
  if (!path.includes('//')) return path;
  const words = path.split('/').filter((segment) => segment !== '');
  return `${path.startsWith('/') ? '/' : ''}${words.join('/')}${path.endsWith('/') ? '/' : ''}`;
}
