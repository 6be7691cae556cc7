import { asArray, asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { sortBy } from '../../util/order.js';
import { objectsIn } from '../objects-in.js';
import { liftBackend } from './backend.js';
import { liftFilters } from './filters.js';
import { type Refuse, refuseOthers, type TrafficNames, where } from './lifting.js';

/** A rule of an HTTPRoute or a GRPCRoute in the words of the language. */
export function liftRule(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(rule, ['name', 'matches', 'filters', 'backendRefs', 'timeouts', 'retry'], 'a rule', refuse);
  const match = objectsIn(rule.matches).map((each) => liftMatch(each, refuse));
  const isForAll = match.some((each) => Object.keys(each).length === 0);
  const filters = liftFilters(rule, own, names, refuse);
  const isAnswered = filters.redirect !== undefined;
  return {
    ...(rule.name !== undefined && { name: rule.name }),
    ...(match.length > 0 && !isForAll && { match }),
    ...(!isAnswered && { to: [...liftBackends(rule, own, names, refuse)] }),
    ...filters,
    ...liftTimes(rule, refuse),
  };
}

/** A rule of a TCPRoute or a TLSRoute. */
export function liftForward(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(rule, ['name', 'backendRefs'], 'a rule', refuse);
  return {
    ...(rule.name !== undefined && { name: rule.name }),
    to: [...liftBackends(rule, own, names, refuse)],
  };
}

function liftBackends(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): readonly JsonObject[] {
  const to = objectsIn(rule.backendRefs).map((each) => liftBackend(each, own, names, refuse));
  if (to.length === 0) refuse('a rule that leads nowhere');
  return to.length > 1 ? to : to.map(({ weight, ...each }) => each);
}

function liftTimes({ timeouts, retry }: JsonObject, refuse: Refuse): JsonObject {
  refuseOthers(timeouts, ['request', 'backendRequest'], '`timeouts`', refuse);
  refuseOthers(retry, ['attempts', 'codes', 'backoff'], '`retry`', refuse);
  const { request, backendRequest } = asObject(timeouts) ?? {};
  const { attempts, codes, backoff } = asObject(retry) ?? {};
  if (backendRequest !== undefined && attempts === undefined)
    refuse('`backendRequest` without `retry` is not imported');
  return {
    ...(request !== undefined && { timeout: request }),
    ...(attempts !== undefined && {
      retries: {
        attempts,
        ...(backendRequest !== undefined && { perTryTimeout: backendRequest }),
        ...(codes !== undefined && { retryOn: asArray(codes).map(String) }),
        ...(backoff !== undefined && { backoff }),
      },
    }),
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

/** The method of a GRPCRoute is a path; that of an HTTPRoute is one. */
function liftMatch(match: JsonObject, refuse: Refuse): JsonObject {
  const { path, headers, queryParams, method, ...rest } = match;
  refuseOthers(rest, [], 'a match', refuse);
  const paths = pathsOf(asObject(path) ?? {}, refuse);
  const grpc = asObject(method);
  return {
    ...(paths.length > 0 && { paths }),
    ...(grpc !== undefined && { grpc: [grpcName(grpc, refuse)] }),
    ...(grpc === undefined && method !== undefined && { methods: [method] }),
    ...where('headers', patterns(headers)),
    ...where('query', patterns(queryParams)),
  };
}

function grpcName({ type = 'Exact', service, method }: JsonObject, refuse: Refuse): string {
  if (type !== 'Exact' || service === undefined)
    refuse('gRPC methods by an expression, or of any service, are not imported');
  return method === undefined ? String(service) : `${service}/${method}`;
}

function pathsOf({ type = 'PathPrefix', value = '/' }: JsonObject, refuse: Refuse): readonly JsonValue[] {
  const text = asText(value) ?? '';
  if (type === 'Exact') return [text];
  if (type === 'RegularExpression') return text === '.*' ? [] : [{ regex: text }];
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
