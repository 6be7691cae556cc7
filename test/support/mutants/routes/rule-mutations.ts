import type { JsonValue } from '../../../../src/parse/document.js';
import { objectOf } from '../emitted.js';
import type { Mutation } from '../mutation.js';
import { added, afterTheNext, dropped, droppedBesideOthers, mutation, renamed, replaced, written } from './change.js';

const routes = 'VirtualService|HTTPRoute|GRPCRoute|TCPRoute|TLSRoute';
const gatewayRoutes = 'HTTPRoute|GRPCRoute|TCPRoute|TLSRoute';
const rules = ['spec.http|tls|tcp|rules.*'];
const matches = rules.map((rule) => `${rule}.match|matches.*`);
const conditions = matches.map((match) => `${match}.*`);

/** Which rule decides, and about what. */
export const matchMutations: readonly Mutation[] = [
  mutation('rule dropped', routes, rules, droppedBesideOthers),
  mutation('rules reordered', routes, rules, afterTheNext),
  mutation('match dropped', routes, matches, droppedBesideOthers),
  mutation('matches reordered', routes, matches, afterTheNext),
  mutation(
    'rule for everything',
    routes,
    rules.map((rule) => `${rule}.match|matches`),
    dropped,
  ),
  mutation('condition dropped', routes, conditions, dropped),
  mutation('exact in place of prefix', 'VirtualService', pathsOf('prefix'), renamed('prefix', 'exact')),
  mutation('prefix in place of exact', 'VirtualService', pathsOf('exact'), renamed('exact', 'prefix')),
  mutation(
    'other kind of path',
    'HTTPRoute',
    matches.map((match) => `${match}.path.type`),
    replaced((type) => (type === 'Exact' ? ['PathPrefix'] : ['Exact'])),
  ),
  mutation(
    'path replaced',
    routes,
    pathsOf('exact|prefix|regex|value'),
    replaced(() => ['/nowhere', '/']),
  ),
  mutation(
    'path made longer',
    routes,
    pathsOf('exact|prefix|value'),
    replaced((path) => [`${path}x`]),
  ),
  mutation(
    'method replaced',
    routes,
    matches.map((match) => `${match}.method`),
    replaced((method) => [typeof method === 'string' ? 'PATCH' : otherMethod(method)]),
  ),
  mutation(
    'header or query replaced',
    routes,
    valuesOfNames(),
    replaced(() => ['nothing']),
  ),
  mutation(
    'headers inverted',
    'VirtualService',
    matches.map((match) => `${match}.headers`),
    renamed('headers', 'withoutHeaders'),
  ),
  mutation(
    'headers required',
    'VirtualService',
    matches.map((match) => `${match}.withoutHeaders`),
    renamed('withoutHeaders', 'headers'),
  ),
  mutation(
    'clients replaced',
    'VirtualService',
    matches.flatMap((match) => [`${match}.sourceLabels.*`, `${match}.sourceNamespace`]),
    replaced(() => ['nobody']),
  ),
  mutation(
    'only for some clients',
    'VirtualService',
    matches.map((match) => `${match}.sourceNamespace`),
    added('nobody'),
  ),
  mutation(
    'only for gateways',
    'VirtualService',
    matches.map((match) => `${match}.gateways`),
    added(['no/such']),
  ),
  mutation(
    'port of a match replaced',
    'VirtualService',
    matches.map((match) => `${match}.port`),
    written(9999),
  ),
];

function pathsOf(keys: string): readonly string[] {
  return matches.map((match) => `${match}.uri|path.${keys}`);
}

function valuesOfNames(): readonly string[] {
  return matches.flatMap((match) => [
    `${match}.headers|withoutHeaders|queryParams.*.exact|prefix|regex|value`,
    `${match}.sniHosts.*`,
  ]);
}

function otherMethod(method: JsonValue): JsonValue {
  const { exact, method: grpc } = objectOf(method);
  return exact === undefined && grpc !== undefined ? { ...objectOf(method), method: 'Nothing' } : { exact: 'PATCH' };
}

const filters = ['spec.rules.*.filters.*', 'spec.rules.*.backendRefs.*.filters.*'];

/** What becomes of a request, but for where it goes. */
export const changeMutations: readonly Mutation[] = [
  mutation('rewrite dropped', 'VirtualService', ['spec.http.*.rewrite', 'spec.http.*.rewrite.uri|authority'], dropped),
  mutation(
    'rewrite replaced',
    'VirtualService',
    ['spec.http.*.rewrite.uri'],
    replaced(() => ['/elsewhere', '/']),
  ),
  mutation('rewrite added', 'VirtualService', ['spec.http.*.rewrite'], added({ uri: '/elsewhere' })),
  mutation(
    'host rewritten',
    'VirtualService',
    ['spec.http.*.rewrite.authority'],
    replaced(() => ['elsewhere.example']),
  ),
  mutation('filter dropped', gatewayRoutes, filters, dropped),
  mutation(
    'rewrite of a filter replaced',
    gatewayRoutes,
    filters.flatMap((filter) => [
      `${filter}.urlRewrite.path.replacePrefixMatch|replaceFullPath`,
      `${filter}.urlRewrite.hostname`,
    ]),
    replaced((value) => (String(value).startsWith('/') ? ['/elsewhere', '/'] : ['elsewhere.example'])),
  ),
  mutation(
    'rewrite of the whole path',
    gatewayRoutes,
    filters.map((filter) => `${filter}.urlRewrite.path`),
    replaced((path) => {
      const { replacePrefixMatch } = objectOf(path);
      return replacePrefixMatch === undefined ? [] : [{ type: 'ReplaceFullPath', replaceFullPath: replacePrefixMatch }];
    }),
  ),
  mutation(
    'headers left alone',
    routes,
    ['spec.http.*.headers', 'spec.http.*.headers.request.*', 'spec.http.*.route.*.headers'],
    dropped,
  ),
  mutation(
    'written header replaced',
    routes,
    [
      'spec.http.*.headers.request.set|add.*',
      'spec.http.*.route.*.headers.request.set|add.*',
      ...filters.map((filter) => `${filter}.requestHeaderModifier.set|add.*.value`),
    ],
    replaced(() => ['nothing']),
  ),
  mutation('redirect dropped', 'VirtualService', ['spec.http.*.redirect', 'spec.http.*.redirect.*'], dropped),
  mutation(
    'answer of another status',
    routes,
    [
      'spec.http.*.directResponse.status',
      'spec.http.*.redirect.redirectCode',
      ...filters.map((filter) => `${filter}.requestRedirect.statusCode`),
    ],
    replaced(() => [302, 418]),
  ),
  mutation('abort dropped', 'VirtualService', ['spec.http.*.fault', 'spec.http.*.fault.abort'], dropped),
  mutation(
    'abort added',
    'VirtualService',
    ['spec.http.*.fault'],
    added({ abort: { httpStatus: 555, percentage: { value: 100 } } }),
  ),
  mutation('mirror dropped', 'VirtualService', ['spec.http.*.mirror', 'spec.http.*.mirrors.*'], dropped),
];
