import { asText } from '../../json.js';
import {
  anyProxy,
  type PathMatch,
  type RouteMatch,
  type RouteResult,
  type RouteRule,
  type UnreadRoute,
} from '../route.js';
import { type BackendContext, backendsOf, isPool } from './backends.js';
import { type Node, nodeOf, nodesOf } from './fields.js';
import { backendHeaders, type Filters, filtersOf } from './filters.js';
import { changesOf } from './header-changes.js';
import { listedMatches } from './listed-matches.js';
import { settingsOfHttpRoute } from './route-settings.js';

/** The rules of an HTTPRoute as its kind of parent has them. */
export function readHttpRules(rules: readonly Node[], context: BackendContext): readonly RouteRule[] | UnreadRoute {
  return readRequestRules(rules, context, matchesOf);
}

/** Rules for requests, one for each match; or why Istio drops them all. */
export function readRequestRules(
  rules: readonly Node[],
  context: BackendContext,
  read: (rule: Node) => readonly RouteMatch[],
): readonly RouteRule[] | UnreadRoute {
  const found: RouteRule[] = [];
  for (const rule of rules) {
    const filters = filtersOf(rule, context);
    if ('why' in filters) return filters;
    const result = resultOf(rule, filters, context);
    if (!('kind' in result)) return result;
    found.push(...splitByMatch(ruleOf(rule, context, filters, read(rule), result)));
  }
  return found;
}

function ruleOf(
  rule: Node,
  context: BackendContext,
  filters: Filters,
  matches: readonly RouteMatch[],
  result: RouteResult,
): RouteRule {
  return {
    origin: { object: context.route.object, place: rule.place, name: asText(rule.value.name) },
    matches,
    result,
    abort: undefined,
    ...(filters.cors && { cors: filters.cors }),
    mirrors: filters.mirrors,
    settings: settingsOfHttpRoute(rule),
  };
}

/** Precedence is by single matches, whatever rule they stand in (T-19). */
function splitByMatch(rule: RouteRule): readonly RouteRule[] {
  return rule.matches.length === 0 ? [rule] : rule.matches.map((match) => ({ ...rule, matches: [match] }));
}

/**
 * A match without a path is for every path, and so is a rule without the field. A list without a match stays one for the API
 * server: such a rule has no match, and comes after all that have one (T-19).
 */
function matchesOf(rule: Node): readonly RouteMatch[] {
  if (Array.isArray(rule.value.matches)) return nodesOf(rule, 'matches').map(matchOf);
  return [matchOf({ value: {}, place: rule.place })];
}

function matchOf(match: Node): RouteMatch {
  const method = asText(match.value.method);
  return {
    place: match.place,
    path: pathMatch(nodeOf(match, 'path')),
    method: method === undefined ? undefined : { kind: 'exact', value: method },
    authority: undefined,
    scheme: undefined,
    headers: listedMatches(match, 'headers').map((named) => ({ ...named, name: named.name.toLowerCase() })),
    query: listedMatches(match, 'queryParams'),
    doubt: undefined,
    proxy: anyProxy,
  };
}

function pathMatch(path: Node | undefined): PathMatch {
  const type = asText(path?.value.type) ?? 'PathPrefix';
  const value = asText(path?.value.value) ?? '/';
  if (type === 'Exact') return { kind: 'exact', value, ignoreCase: false };
  if (type === 'RegularExpression') return { kind: 'regex', value, ignoreCase: false };
  return elementsMatch(value);
}

/** A prefix of path elements, whatever slash it ends with. */
export function elementsMatch(value: string): PathMatch {
  if (value === '/') return { kind: 'prefix', value, ignoreCase: false };
  return { kind: 'elements', value: value.replace(/\/$/, ''), ignoreCase: false };
}

function resultOf(rule: Node, filters: Filters, context: BackendContext): RouteResult | UnreadRoute {
  if (filters.redirect !== undefined) return filters.redirect;
  const pool = nodesOf(rule, 'backendRefs').find((backend) => isPool(backend, context));
  if (pool !== undefined) return { kind: 'not-modelled', why: 'a backend of kind InferencePool', place: pool.place };
  const destinations = backendsOf(rule, context, (backend, isOnly) => {
    const own = backendHeaders(backend, context);
    return 'why' in own ? own : changesOf(filters.headers, own, filters.rewrite, isOnly);
  });
  if ('why' in destinations) return destinations;
  return destinations.length > 0 ? { kind: 'forward', destinations } : withoutBackends(rule, context);
}

/** Nothing that could take requests: 500, but for one release (T-26). */
function withoutBackends(rule: Node, { route, surroundings: { version } }: BackendContext): RouteResult {
  const named = nodesOf(rule, 'backendRefs').length > 0;
  if (named) return { kind: 'answer', status: 500, because: 'all its backends have weight 0 (T-26)' };
  return {
    kind: 'answer',
    status: version === '1.30' && route.object.kind === 'HTTPRoute' ? 404 : 500,
    because: 'it has no backend (T-26)',
  };
}
