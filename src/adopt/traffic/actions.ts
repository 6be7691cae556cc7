import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import { type Refuse, refuseOthers, renamed, type Words, where } from './lifting.js';

/** A text of Istio's as a pattern of the language. */
export function pattern(value: JsonValue, refuse: Refuse): JsonValue {
  const { exact: text, prefix, regex } = asObject(value) ?? {};
  if (asText(text) !== undefined) return text ?? '';
  if (asText(prefix) !== undefined) return `${asText(prefix)}*`;
  if (asText(regex) !== undefined) return { regex: regex ?? '' };
  return Object.keys(asObject(value) ?? {}).length === 0
    ? '*'
    : (refuse('a match that is none of `exact`, `prefix` and `regex`') ?? '*');
}

export function liftRewrite(rewrite: JsonValue, refuse: Refuse): JsonObject {
  const { uri, authority, ...rest } = asObject(rewrite) ?? {};
  if (Object.keys(rest).length > 0) refuse('a rewrite by an expression is not imported');
  return { ...(uri !== undefined && { prefix: uri }), ...(authority !== undefined && { host: authority }) };
}

export function liftRetries(retries: JsonValue, refuse: Refuse): JsonObject {
  const { attempts, perTryTimeout, retryOn, backoff, ...rest } = asObject(retries) ?? {};
  refuseOthers(rest, [], 'retries', refuse);
  const reasons = (asText(retryOn) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return {
    attempts: attempts ?? 0,
    ...(perTryTimeout !== undefined && { perTryTimeout }),
    ...(reasons.length > 0 && { retryOn: reasons }),
    ...(backoff !== undefined && { backoff }),
  };
}

/** A VirtualService has at most one delay and one abort in a route. */
export function liftFaults(fault: JsonValue, refuse: Refuse): readonly JsonObject[] {
  const { delay, abort, ...rest } = asObject(fault) ?? {};
  refuseOthers(rest, [], '`fault`', refuse);
  const [wait, status]: readonly Words[] = [[['fixedDelay', 'delay']], [['httpStatus', 'abort']]];
  return [
    ...(delay === undefined || wait === undefined ? [] : [{ name: 'delay', ...liftFault(delay, wait, refuse) }]),
    ...(abort === undefined || status === undefined ? [] : [{ name: 'abort', ...liftFault(abort, status, refuse) }]),
  ];
}

function liftFault(value: JsonValue, words: Words, refuse: Refuse): JsonObject {
  const { percentage, ...rest } = asObject(value) ?? {};
  const percent = asObject(percentage)?.value;
  if (percent === undefined) refuse('a fault without `percentage` is not imported');
  return { ...renamed(rest, words, 'a fault', refuse), percent: percent ?? 0 };
}

export function liftHeaders(headers: JsonValue, refuse: Refuse): JsonObject {
  refuseOthers(headers, ['request', 'response'], '`headers`', refuse);
  const { request, response } = asObject(headers) ?? {};
  for (const each of [request, response]) refuseOthers(each, ['set', 'add', 'remove'], '`headers`', refuse);
  return { ...where('request', asObject(request) ?? {}), ...where('response', asObject(response) ?? {}) };
}

const redirects: Words = [
  ['scheme', 'scheme'],
  ['authority', 'host'],
  ['port', 'port'],
  ['uri', 'path'],
  ['redirectCode', 'status'],
];

/** Istio redirects with 301 where nothing is said. */
export function liftRedirect(redirect: JsonValue, refuse: Refuse): JsonObject {
  return { status: 301, ...renamed(redirect, redirects, '`redirect`', refuse) };
}

export function liftResponse(response: JsonValue, refuse: Refuse): JsonObject {
  const words: Words = [
    ['status', 'status'],
    ['body.string', 'body'],
  ];
  return renamed(response, words, '`directResponse`', refuse);
}

export function liftCors(cors: JsonValue, refuse: Refuse): JsonObject {
  const { allowOrigins, ...rest } = asObject(cors) ?? {};
  const origins = objectsIn(allowOrigins).map((each) => pattern(each, refuse));
  if (origins.length === 0) refuse('`corsPolicy` without origins is not imported');
  const words: Words = [
    ['allowMethods', 'methods'],
    ['allowHeaders', 'headers'],
    ['exposeHeaders', 'exposeHeaders'],
    ['maxAge', 'maxAge'],
    ['allowCredentials', 'credentials'],
  ];
  return { origins, ...renamed(rest, words, '`corsPolicy`', refuse) };
}

/** Headers of which none may have a value; an empty pattern, or `*` as an expression, is a header that is there. */
export function liftAbsent(headers: JsonValue, refuse: Refuse): JsonObject {
  const entries = Object.entries(asObject(headers) ?? {});
  const isPresent = (value: JsonValue) => asObject(value)?.regex === '*';
  const patterns = entries.map(([name, value]) => [name, [isPresent(value) ? '*' : pattern(value, refuse)]] as const);
  return { headers: Object.fromEntries(patterns) };
}

/** Copies of a route, by all the names that VirtualServices have had for them. */
export function mirrorsOf({ mirror, mirrors, mirrorPercentage }: JsonObject): readonly JsonObject[] {
  const one = asObject(mirror);
  const single =
    one === undefined ? [] : [{ destination: one, ...(mirrorPercentage && { percentage: mirrorPercentage }) }];
  return [...single, ...objectsIn(mirrors)];
}
