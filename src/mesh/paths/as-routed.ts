import type { MeshCluster } from '../mesh.js';
import { changesOf } from '../policies/authorizer-changes.js';
import type { CompiledPolicy } from '../policies/compiled.js';
import { enforcementAt } from '../policies/enforcement.js';
import { matchesText, type TextMatcher } from '../policies/matcher.js';
import type { RequestAuthentication } from '../policies/policy.js';
import { checkToken } from '../policies/token.js';
import { headersWrittenBy, withWrittenHeaders } from '../policies/written-headers.js';
import type { RoutedRequest } from '../routes/follow/matching.js';
import { headersAsked, type RouteTables } from '../routes/table.js';
import { unchecked } from '../view.js';
import type { Hop } from './hops.js';

/**
 * A request as a gateway or a waypoint routes it. The rule is chosen as the request arrives, and once more where a token has been
 * accepted: then what authorizers and the rules for tokens have written counts as well (T-98).
 */
export function asRouted(hop: Hop, tables: RouteTables, sent: RoutedRequest): RoutedRequest {
  if (hop.mesh.requestAuthentication.size === 0) return sent;
  const { authentication, policies } = enforcementAt(hop);
  if (authentication.length === 0) return sent;
  const read = sent.standsForAll === true ? doubting(tables, authentication, sent) : afterToken(authentication, sent);
  return read === undefined ? sent : afterAuthorizers(hop.mesh, policies, tables, read);
}

/** `undefined` where no token is accepted. */
function afterToken(authentication: readonly RequestAuthentication[], sent: RoutedRequest): RoutedRequest | undefined {
  const { request, headerDoubts } = sent;
  const { token, method, path, host, headers } = request;
  const doubts = [...headerDoubts].map(([value, why]) => ({
    name: { kind: 'exact', value, ignoreCase: true } as const,
    why,
  }));
  const http = { method, path, host, headers, parameters: [], ...unchecked, headerDoubts: doubts };
  const checked = checkToken(token, http, authentication);
  if (checked.kind === 'refused' || (checked.kind === 'passes' && checked.accepting.length === 0)) return undefined;
  const written = withWrittenHeaders(http, token, checked, authentication);
  const known = written.headerDoubts.flatMap(({ name, why }) =>
    name.kind === 'exact' ? [[name.value, why] as const] : [],
  );
  return { ...sent, request: { ...request, headers: written.headers }, headerDoubts: new Map(known) };
}

/** Of all requests some carry a token, which may say anything. */
function doubting(
  tables: RouteTables,
  authentication: readonly RequestAuthentication[],
  sent: RoutedRequest,
): RoutedRequest {
  const written = headersWrittenBy(authentication);
  const names = headersAsked(tables).filter((name) => written.has(name));
  return withDoubts(sent, names, 'what a token writes into a header by which a route chooses');
}

function afterAuthorizers(
  mesh: MeshCluster,
  policies: readonly CompiledPolicy[],
  tables: RouteTables,
  sent: RoutedRequest,
): RoutedRequest {
  const providers = new Set(policies.flatMap(({ action, provider = '' }) => (action === 'CUSTOM' ? [provider] : [])));
  return [...providers].reduce((request, provider) => {
    const { headers, why } = changesOf(provider, mesh);
    const isWritten = (name: string) => headers?.some((matcher: TextMatcher) => matchesText(matcher, name)) ?? true;
    const read = withDoubts(request, headersAsked(tables).filter(isWritten), why);
    return headers === undefined ? { ...read, pathDoubt: read.pathDoubt ?? why } : read;
  }, sent);
}

function withDoubts(sent: RoutedRequest, names: readonly string[], why: string): RoutedRequest {
  if (names.length === 0) return sent;
  return { ...sent, headerDoubts: new Map([...sent.headerDoubts, ...names.map((name) => [name, why] as const)]) };
}
