import { asText } from '../../json.js';
import { anyProxy, type PathMatch, type RouteMatch, type RouteRule, type UnreadRoute } from '../route.js';
import type { BackendContext } from './backends.js';
import { type Node, nodeOf, nodesOf } from './fields.js';
import { elementsMatch, readRequestRules } from './http-route.js';
import { listedMatches } from './listed-matches.js';

/** The rules of a GRPCRoute: a method of a service is a path (T-53). */
export function readGrpcRules(rules: readonly Node[], context: BackendContext): readonly RouteRule[] | UnreadRoute {
  return readRequestRules(rules, context, (rule) => nodesOf(rule, 'matches').map(matchOf));
}

function matchOf(match: Node): RouteMatch {
  const named = nodeOf(match, 'method');
  return {
    place: match.place,
    path: named && pathMatch(named),
    method: undefined,
    authority: undefined,
    scheme: undefined,
    headers: listedMatches(match, 'headers').map((header) => ({ ...header, name: header.name.toLowerCase() })),
    query: [],
    doubt: undefined,
    proxy: anyProxy,
  };
}

function pathMatch({ value }: Node): PathMatch | undefined {
  const [service, method] = [asText(value.service), asText(value.method)];
  if (service === undefined && method === undefined) return undefined;
  const isPattern = value.type === 'RegularExpression';
  if (service !== undefined && method === undefined) {
    return isPattern ? pattern(`/${service}/.+`) : elementsMatch(`/${service}/`);
  }
  if (service === undefined || isPattern) return pattern(`/${service ?? '[^/]+'}/${method}`);
  return { kind: 'exact', value: `/${service}/${method}`, ignoreCase: false };
}

function pattern(value: string): PathMatch {
  return { kind: 'regex', value, ignoreCase: false };
}
