import { headerOf } from '../../policies/token-place-text.js';
import { bearer } from '../../policies/token-places.js';
import type { HttpRequest, Token } from '../../request.js';
import type { HeaderChanges, PathMatch, PathRewrite, RequestChanges, RouteMatch } from '../route.js';
import { pathOf, type RoutedRequest } from './matching.js';

/** What a rule makes of the requests of one of its matches. */
export interface AppliedChanges {
  readonly changes: RequestChanges;
  readonly match: RouteMatch | undefined;
}

/** What a request has become when it is forwarded. */
export function changed(sent: RoutedRequest, { changes, match }: AppliedChanges): RoutedRequest {
  const { request, pathDoubt, headerDoubts } = changes.headers.reduce(withHeaders, sent);
  const { path: rewrite, host = request.host, hostSuffix = '' } = changes;
  const path = rewrite === undefined ? request.path : rewritten(sent, rewrite, match?.path);
  return {
    ...sent,
    request: { ...withoutReplacedToken(request, changes), path, host: withSuffix(host, hostSuffix) },
    pathDoubt: rewrite?.kind === 'not-modelled' ? rewrite.why : pathDoubt,
    headerDoubts,
  };
}

/** A token may arrive in a header, which a route may write or take away. */
export function replacesToken({ headers }: RequestChanges, token: Token): boolean {
  const header = headerOf(token.in ?? bearer);
  return header !== undefined && headers.some(({ remove, set }) => remove.includes(header) || header in set);
}

function withoutReplacedToken({ token, ...request }: HttpRequest, changes: RequestChanges): HttpRequest {
  return token === undefined || replacesToken(changes, token) ? request : { ...request, token };
}

export function withSuffix(host: string, suffix: string): string {
  return host.replace(/(?=:[^:]*$)|$/, suffix);
}

/** The query stays what it is; what is matched and replaced is the path as proxies compare it (T-90). */
function rewritten(sent: RoutedRequest, rewrite: PathRewrite, match: PathMatch | undefined): string {
  const query = /\?.*$/s.exec(sent.request.path)?.[0] ?? '';
  return rewrittenPath(pathOf(sent), rewrite, match) + query;
}

/** A rule without a path names every path by the prefix `/`. */
export function rewrittenPath(
  path: string,
  rewrite: PathRewrite,
  match: PathMatch = { kind: 'prefix', value: '/', ignoreCase: false },
): string {
  switch (rewrite.kind) {
    case 'whole':
      return rewrite.value;
    case 'prefix':
      return isPrefix(match) ? rewrite.value + path.slice(match.value.length) : rewrite.value;
    case 'strip':
      return match.kind === 'elements' ? `/${path.slice(match.value.length).replace(/^\//, '')}` : path;
    default:
      return path;
  }
}

function isPrefix({ kind }: PathMatch): boolean {
  return kind === 'prefix' || kind === 'elements';
}

function withHeaders(sent: RoutedRequest, { remove, set, add }: HeaderChanges): RoutedRequest {
  const headers = new Map(Object.entries(sent.request.headers));
  const doubts = new Map(sent.headerDoubts);
  for (const name of remove) {
    headers.delete(name);
    doubts.delete(name);
  }
  for (const [name, value] of Object.entries(set)) {
    if (isFormat(value)) doubts.set(name, computed);
    else {
      headers.set(name, value);
      doubts.delete(name);
    }
  }
  for (const [name, value] of Object.entries(add)) {
    if (isFormat(value)) doubts.set(name, computed);
    else headers.set(name, [headers.get(name), value].filter((each) => each !== undefined).join(','));
  }
  return { ...sent, request: { ...sent.request, headers: Object.fromEntries(headers) }, headerDoubts: doubts };
}

const computed = 'a header that a route computes';

/** Envoy computes what stands between percent signs. */
function isFormat(value: string): boolean {
  return /%[A-Z_]+(?:\([^)]*\))?%/.test(value);
}
