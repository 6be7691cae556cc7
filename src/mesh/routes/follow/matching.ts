import type { PathNormalization } from '../../../parse/mesh.js';
import { ownValue } from '../../../util/own-value.js';
import { normalizePath, rejectedPath, withoutFragment } from '../../normalize-path.js';
import type { HttpRequest } from '../../request.js';
import { allOf, not, type Truth, truthOf } from '../../truth.js';
import type { NamedMatch, PathMatch, TextMatch } from '../route.js';
import type { RouteEntry } from '../table.js';
import { matchesWhole } from './re2.js';

/** A request at the proxy that routes it, and what of it is not known there. */
export interface RoutedRequest {
  readonly request: HttpRequest;
  /** What the proxies make of its path before they compare it. */
  readonly normalization: PathNormalization;
  /** Why the path is not known. */
  readonly pathDoubt: string | undefined;
  /** Headers of which the value is not known, by name. */
  readonly headerDoubts: ReadonlyMap<string, string>;
  /** Whether it stands for all requests, whatever they carry: then every entry of a table is followed. */
  readonly standsForAll?: true;
}

/** All requests that name what they are sent to by a host. */
export function allNaming(host: string, normalization: PathNormalization): RoutedRequest {
  const request = { kind: 'http', method: 'GET', path: '/', host, headers: {} } as const;
  return { ...asSent(request, normalization), standsForAll: true };
}

export function asSent(request: HttpRequest, normalization: PathNormalization): RoutedRequest {
  const path = withoutFragment(request.path);
  const received = path === request.path ? request : { ...request, path };
  return { request: received, normalization, pathDoubt: undefined, headerDoubts: new Map() };
}

/** Whether an entry is for a request. */
export function entryMatches({ match }: RouteEntry, sent: RoutedRequest): Truth {
  if (match === undefined) return 'yes';
  const { request, headerDoubts, pathDoubt } = sent;
  const { path, method, authority, scheme, headers, query } = match;
  const parameters = queryOf(request.path);
  return allOf([
    path === undefined ? 'yes' : pathDoubt === undefined ? pathMatches(path, pathOf(sent)) : 'unknown',
    optional(method, request.method),
    optional(authority, request.host),
    scheme === undefined ? 'yes' : 'unknown',
    ...headers.map((each) =>
      headerDoubts.has(each.name) || (each.name === 'authorization' && request.token !== undefined)
        ? 'unknown'
        : namedMatches(each, ownValue(request.headers, each.name)),
    ),
    ...query.map((each) => namedMatches(each, parameters.get(each.name))),
    match.doubt === undefined ? 'yes' : 'unknown',
  ]);
}

/** The path as proxies compare it. */
export function pathOf({ request: { path }, normalization }: RoutedRequest): string {
  const normalized = normalizePath(path, normalization);
  return normalized === rejectedPath ? path : normalized;
}

/** As they are written, nothing decoded; of a name that stands twice the first counts. */
function queryOf(path: string): ReadonlyMap<string, string> {
  const written = /\?(.*)/s.exec(path)?.[1] ?? '';
  const pairs = written.split('&').map((parameter): [string, string] => {
    const [name = '', ...value] = parameter.split('=');
    return [name, value.join('=')];
  });
  return new Map(pairs.reverse());
}

function pathMatches({ kind, value, ignoreCase }: PathMatch, path: string): Truth {
  const [wanted, seen] = ignoreCase ? [value.toLowerCase(), path.toLowerCase()] : [value, path];
  switch (kind) {
    case 'exact':
      return truthOf(seen === wanted);
    case 'prefix':
      return truthOf(seen.startsWith(wanted));
    case 'elements':
      return truthOf(seen === wanted || seen.startsWith(`${wanted}/`));
    default:
      // Case is ignored for exact paths and prefixes alone.
      return matchesWhole(value, path);
  }
}

function optional(match: TextMatch | undefined, value: string): Truth {
  return match === undefined ? 'yes' : textMatches(match, value);
}

function namedMatches({ match, negated }: NamedMatch, value: string | undefined): Truth {
  if (!negated) return value === undefined ? 'no' : textMatches(match, value);
  if (match.kind === 'present') return truthOf(value === undefined);
  return not(textMatches(match, value ?? ''));
}

export function textMatches(match: TextMatch, value: string): Truth {
  switch (match.kind) {
    case 'present':
      return 'yes';
    case 'exact':
      return truthOf(value === match.value);
    case 'prefix':
      return truthOf(value.startsWith(match.value));
    default:
      return matchesWhole(match.value, value);
  }
}
