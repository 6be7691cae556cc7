import { asArray, asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import { liftBackend } from './backend.js';
import { type Refuse, refuseOthers, renamed, type TrafficNames, type Words, where } from './lifting.js';

/** What all filters of a rule say; each thing is said by one of them, but for the two sides of headers and for mirrors. */
export function liftFilters(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const all = objectsIn(rule.filters).map((filter) => liftFilter(filter, own, names, refuse));
  const headers = all.flatMap((each) => Object.entries(asObject(each.headers) ?? {}));
  const others = all.flatMap((each) =>
    Object.entries(each).filter(([name]) => name !== 'headers' && name !== 'mirror'),
  );
  const mirror = all.flatMap((each) => asArray(each.mirror));
  for (const said of [headers, others]) {
    const isTwice = new Set(said.map(([name]) => name)).size < said.length;
    if (isTwice) refuse('several filters of one type are not imported');
  }
  return {
    ...Object.fromEntries(others),
    ...where('headers', Object.fromEntries(headers)),
    ...(mirror.length > 0 && { mirror }),
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
  const { type, requestHeaderModifier, responseHeaderModifier, requestRedirect, urlRewrite, requestMirror, cors } =
    filter;
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
      const { backendRef, percent, fraction, ...rest } = asObject(requestMirror) ?? {};
      refuseOthers(rest, [], '`requestMirror`', refuse);
      const target = liftBackend(asObject(backendRef) ?? {}, own, names, refuse);
      const { numerator, denominator = 100 } = asObject(fraction) ?? {};
      const share = numerator === undefined ? percent : (100 * Number(numerator)) / Number(denominator);
      return { mirror: [{ ...target, ...(share !== undefined && { percent: share }) }] };
    }
    case 'CORS':
      return { cors: liftCors(cors, refuse) };
    default:
      refuse(`filter ${asText(type)} is not imported`);
      return {};
  }
}

function liftCors(cors: JsonValue | undefined, refuse: Refuse): JsonObject {
  const { allowOrigins, maxAge, ...rest } = asObject(cors) ?? {};
  if (allowOrigins === undefined) refuse('CORS without origins is not imported');
  const words: Words = [
    ['allowMethods', 'methods'],
    ['allowHeaders', 'headers'],
    ['exposeHeaders', 'exposeHeaders'],
    ['allowCredentials', 'credentials'],
  ];
  return {
    origins: [...asArray(allowOrigins)],
    ...renamed(rest, words, 'CORS', refuse),
    ...(maxAge !== undefined && { maxAge: `${asText(maxAge) ?? maxAge}s` }),
  };
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
