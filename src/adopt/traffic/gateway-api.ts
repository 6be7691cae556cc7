import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { sortBy } from '../../util/order.js';
import { called } from '../names/called.js';
import { objectsIn } from '../objects-in.js';
import { type Refuse, refuseOthers, renamed, type TrafficNames, type Words, where } from './lifting.js';

/** A rule of an HTTPRoute in the words of the language. */
export function liftRule(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(rule, ['name', 'matches', 'filters', 'backendRefs', 'timeouts'], 'a rule', refuse);
  refuseOthers(rule.timeouts, ['request'], '`timeouts`', refuse);
  const match = objectsIn(rule.matches).map((each) => liftMatch(each, refuse));
  const isForAll = match.some((each) => Object.keys(each).length === 0);
  const timeout = asObject(rule.timeouts)?.request;
  const filtered = objectsIn(rule.filters).map((each) => liftFilter(each, own, names, refuse));
  const filters: JsonObject = Object.assign({}, ...filtered);
  const count = filtered.reduce((sum, each) => sum + Object.keys(each).length, 0);
  if (count > Object.keys(filters).length) refuse('several filters of one type are not imported');
  const to = objectsIn(rule.backendRefs).map((each) => liftBackend(each, own, names, refuse));
  const weighted = to.length > 1 ? to : to.map(({ weight, ...each }) => each);
  return {
    ...(match.length > 0 && !isForAll && { match }),
    ...(filters.redirect === undefined && { to: weighted }),
    ...filters,
    ...(timeout !== undefined && { timeout }),
  };
}

/** In the order in which Gateway API tries them: an exact path first, and a longer one before a shorter one. */
export function inOrder(routes: readonly JsonObject[]): readonly JsonObject[] {
  const pathOf = ({ match }: JsonObject) =>
    asText(
      objectsIn(match)
        .flatMap(({ paths }) => paths ?? [])
        .flat()[0],
    ) ?? '';
  return sortBy(
    routes,
    ({ match }) => (match === undefined ? 1 : 0),
    ({ match }) => (objectsIn(match).some(({ paths }) => JSON.stringify(paths ?? '*').includes('*')) ? 1 : 0),
    (route) => -pathOf(route).length,
  );
}

function liftMatch(match: JsonObject, refuse: Refuse): JsonObject {
  const { path, headers, queryParams, method, ...rest } = match;
  refuseOthers(rest, [], 'a match', refuse);
  const paths = pathsOf(asObject(path) ?? {}, refuse);
  return {
    ...(paths.length > 0 && { paths }),
    ...(method !== undefined && { methods: [method] }),
    ...where('headers', patterns(headers)),
    ...where('query', patterns(queryParams)),
  };
}

function pathsOf({ type = 'PathPrefix', value = '/' }: JsonObject, refuse: Refuse): readonly JsonValue[] {
  const text = asText(value) ?? '';
  if (type === 'Exact') return [text];
  if (type === 'RegularExpression') return [{ regex: text }];
  if (type !== 'PathPrefix') refuse('a path that is none of `Exact`, `PathPrefix` and `RegularExpression`');
  const prefix = text.replace(/\/$/, '');
  return prefix === '' ? [] : [prefix, `${prefix}/*`];
}

function patterns(list: JsonValue | undefined): JsonObject {
  return Object.fromEntries(
    objectsIn(list).map(({ name, value, type }) => [
      asText(name) ?? '',
      [type === 'RegularExpression' ? { regex: value ?? '' } : (value ?? '')],
    ]),
  );
}

function liftBackend(backend: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const { group = '', kind = 'Service', name, namespace, port, weight, ...rest } = backend;
  refuseOthers(rest, [], 'a backend', refuse);
  const key = names.backend(asText(name) ?? '', asText(namespace));
  if (group !== '' || kind !== 'Service' || key === undefined)
    refuse(`\`${asText(name)}\` is no Service among the manifests`);
  return {
    service: called(key ?? '', own),
    ...(port !== undefined && { port: names.port(key ?? '', port) }),
    ...(weight !== undefined && { weight }),
  };
}

const redirects: Words = [
  ['scheme', 'scheme'],
  ['hostname', 'host'],
  ['port', 'port'],
  ['path.replaceFullPath', 'path'],
  ['statusCode', 'status'],
];

const rewrites: Words = [
  ['hostname', 'host'],
  ['path.replaceFullPath', 'path'],
  ['path.replacePrefixMatch', 'prefix'],
];

/** What one filter says, under the name that it has in a route. */
function liftFilter(filter: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const { type, requestHeaderModifier, responseHeaderModifier, requestRedirect, urlRewrite, requestMirror } = filter;
  switch (type) {
    case 'RequestHeaderModifier':
      return { headers: { request: headersOf(requestHeaderModifier) } };
    case 'ResponseHeaderModifier':
      return { headers: { response: headersOf(responseHeaderModifier) } };
    case 'RequestRedirect':
      return { redirect: renamed(withoutType(requestRedirect), redirects, '`requestRedirect`', refuse) };
    case 'URLRewrite':
      return { rewrite: renamed(withoutType(urlRewrite), rewrites, '`urlRewrite`', refuse) };
    case 'RequestMirror': {
      const { backendRef, percent, ...rest } = asObject(requestMirror) ?? {};
      refuseOthers(rest, [], '`requestMirror`', refuse);
      const target = liftBackend(asObject(backendRef) ?? {}, own, names, refuse);
      return { mirror: [{ ...target, ...(percent !== undefined && { percent }) }] };
    }
    default:
      refuse(`filter ${asText(type)} is not imported`);
      return {};
  }
}

/** The field of the path says of which type it is. */
function withoutType(value: JsonValue | undefined): JsonObject {
  const { path, ...rest } = asObject(value) ?? {};
  const { type, ...own } = asObject(path) ?? {};
  return path === undefined ? rest : { ...rest, path: own };
}

function headersOf(value: JsonValue | undefined): JsonObject {
  const { set, add, remove } = asObject(value) ?? {};
  const named = (list: JsonValue | undefined) =>
    Object.fromEntries(objectsIn(list).map((each) => [asText(each.name) ?? '', each.value ?? '']));
  return { ...where('set', named(set)), ...where('add', named(add)), ...(remove !== undefined && { remove }) };
}
