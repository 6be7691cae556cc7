import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import {
  liftAbsent,
  liftCors,
  liftFaults,
  liftHeaders,
  liftRetries,
  liftRewrite,
  mirrorsOf,
  pattern,
} from './actions.js';
import { type Refuse, refuseOthers, type TrafficNames, where } from './lifting.js';
import { liftAnswer, liftMirror } from './targets.js';

const known = [
  ...['name', 'match', 'route', 'redirect', 'directResponse', 'timeout', 'retries', 'rewrite', 'fault', 'headers'],
  ...['mirror', 'mirrors', 'mirrorPercentage', 'corsPolicy'],
];

/** A rule of a VirtualService for requests, in the words of the language. */
export function liftRoute(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(rule, known, 'a route', refuse);
  const match = objectsIn(rule.match).map((each) => liftMatch(each, own, names, refuse));
  const isForAll = match.some((each) => Object.keys(each).length === 0);
  const mirror = mirrorsOf(rule).map((each) => liftMirror(each, own, names, refuse));
  return {
    ...(rule.name !== undefined && { name: rule.name }),
    ...(match.length > 0 && !isForAll && { match }),
    ...liftAnswer(rule, own, names, refuse),
    ...(rule.rewrite !== undefined && { rewrite: liftRewrite(rule.rewrite, refuse) }),
    ...(rule.headers !== undefined && where('headers', liftHeaders(rule.headers, refuse))),
    ...(mirror.length > 0 && { mirror }),
    ...(rule.timeout !== undefined && { timeout: rule.timeout }),
    ...(rule.retries !== undefined && { retries: liftRetries(rule.retries, refuse) }),
    ...(rule.fault !== undefined && { faults: liftFaults(rule.fault, refuse) }),
    ...(rule.corsPolicy !== undefined && { cors: liftCors(rule.corsPolicy, refuse) }),
  };
}

function liftMatch(match: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const { name, uri, method, headers, withoutHeaders, queryParams, ignoreUriCase, port, ...rest } = match;
  const [foreign] = Object.keys(rest);
  if (foreign !== undefined) refuse(`\`${foreign}\` in a match is not imported`);
  const { prefix, regex } = asObject(uri) ?? {};
  const isAnyPath = uri === undefined || prefix === '/' || regex === '.*';
  return {
    ...(!isAnyPath && { paths: [pattern(uri ?? {}, refuse)] }),
    ...(!isAnyPath && ignoreUriCase === true && { ignoreCase: true }),
    ...(method !== undefined && { methods: [exact(method, refuse)] }),
    ...(headers !== undefined && { headers: patterns(headers, refuse) }),
    ...(withoutHeaders !== undefined && { except: liftAbsent(withoutHeaders, refuse) }),
    ...(queryParams !== undefined && { query: patterns(queryParams, refuse) }),
    ...(port !== undefined && { port: names.port(own, port) }),
  };
}

function patterns(named: JsonValue, refuse: Refuse): JsonObject {
  const entries = Object.entries(asObject(named) ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, [pattern(value, refuse)]]));
}

function exact(value: JsonValue, refuse: Refuse): JsonValue {
  return asText(asObject(value)?.exact) ?? refuse('methods are matched by their whole name') ?? '';
}
