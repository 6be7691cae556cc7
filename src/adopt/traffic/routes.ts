import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { called } from '../names/called.js';
import { label, unlike } from '../names/label.js';
import { objectsIn } from '../objects-in.js';
import {
  liftAbsent,
  liftCors,
  liftFaults,
  liftHeaders,
  liftRedirect,
  liftResponse,
  liftRetries,
  liftRewrite,
  mirrorsOf,
  pattern,
} from './actions.js';
import { liftPolicy } from './endpoints.js';
import { inOrder, liftRule } from './gateway-api.js';
import { type Refuse, refuseOthers, type TrafficNames, where } from './lifting.js';

/** The routes of a VirtualService or HTTPRoute, in the words of the language; or why not. `own`: the Service, if they are for one. */
export function liftRoutes(
  { kind, value }: ManifestObject,
  own: string,
  names: TrafficNames,
): JsonObject | { readonly because: string } {
  const faults: string[] = [];
  const refuse: Refuse = (because) => {
    faults.push(because);
    return undefined;
  };
  const taken = new Set<string>();
  const { http, rules } = asObject(value.spec) ?? {};
  const lifted =
    kind === 'HTTPRoute'
      ? inOrder(objectsIn(rules).map((rule) => ({ name: rule.name ?? '', ...liftRule(rule, own, names, refuse) })))
      : objectsIn(http).map((rule) => ({ name: rule.name ?? '', ...liftRoute(rule, own, names, refuse) }));
  const routes = lifted.map((route, index): JsonObject => {
    const name = unlike(nameOf(route, index === lifted.length - 1), taken);
    taken.add(name);
    return { ...route, name };
  });
  const [because] = faults;
  return because === undefined ? asSettings(routes, own) : { because };
}

/** A single route for everything is a split, or says nothing of where requests go; else the routes are told one by one. */
function asSettings(routes: readonly JsonObject[], own: string): JsonObject {
  const [only, ...others] = routes;
  if (only === undefined || others.length > 0 || only.match !== undefined) return withUnmatched(routes);
  const { name, to, timeout, retries, faults, cors, ...rest } = only;
  const targets = objectsIn(to);
  const isPlain =
    Object.keys(rest).length === 0 &&
    targets.every(({ service = called(own, own), port }) => service === called(own, own) && port === undefined);
  if (!isPlain) return withUnmatched(routes);
  const settings = {
    ...(timeout !== undefined && { timeout }),
    ...(retries !== undefined && { retries }),
    ...(faults !== undefined && { faults }),
    ...(cors !== undefined && { cors }),
  };
  if (targets.every(({ version }) => version === undefined)) return settings;
  const split = targets.map(({ version, weight }) => [asText(version) ?? '', weight ?? 100] as const);
  return split.length === 1
    ? { ...settings, routes: [{ name: name ?? 'rest', to: to ?? [] }] }
    : { ...settings, split: Object.fromEntries(split) };
}

function withUnmatched(routes: readonly JsonObject[]): JsonObject {
  const isOpen = routes.every(({ match }) => match !== undefined);
  return { routes: [...routes], ...(isOpen && { unmatched: 'NotFound' }) };
}

function nameOf({ name, match }: JsonObject, isLast: boolean): string {
  const [first] = objectsIn(match);
  const [path] = Array.isArray(first?.paths) ? first.paths : [];
  const [header] = Object.keys(asObject(first?.headers) ?? {});
  const wanted = [name, path, asObject(path)?.regex, header].map((each) => label(asText(each) ?? ''));
  return wanted.find((each) => each !== '') ?? (isLast ? 'rest' : 'route');
}

const known = [
  ...['name', 'match', 'route', 'redirect', 'directResponse', 'timeout', 'retries', 'rewrite', 'fault', 'headers'],
  ...['mirror', 'mirrors', 'mirrorPercentage', 'corsPolicy'],
];

function liftRoute(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  refuseOthers(rule, known, 'a route', refuse);
  const match = objectsIn(rule.match).map((each) => liftMatch(each, refuse));
  const isForAll = match.some((each) => Object.keys(each).length === 0);
  const mirror = mirrorsOf(rule).map((each) => liftMirror(each, own, names, refuse));
  return {
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

function liftAnswer(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  if (rule.redirect !== undefined) return { redirect: liftRedirect(rule.redirect, refuse) };
  if (rule.directResponse !== undefined) return { respond: liftResponse(rule.directResponse, refuse) };
  const to = objectsIn(rule.route).map((each) => liftTarget(each, own, names, refuse));
  const weighted = to.length > 1 ? to : to.map(({ weight, ...each }) => each);
  return {
    to: weighted.map((each): JsonObject => (Object.keys(each).length === 0 ? { service: called(own, own) } : each)),
  };
}

/** Without a percentage all requests are copied. */
function liftMirror(copy: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const percent = asObject(copy.percentage)?.value;
  const { weight, ...target } = liftTarget(copy, own, names, refuse);
  return {
    ...(target.service === undefined && target.version === undefined && { service: called(own, own) }),
    ...target,
    ...(percent !== undefined && { percent }),
  };
}

function liftTarget(target: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const destination = asObject(target.destination) ?? {};
  if (target.headers !== undefined) refuse('`headers` of one destination are not imported');
  const key = names.service(asText(destination.host) ?? '');
  if (key === undefined) refuse(`\`${asText(destination.host)}\` is no Service among the manifests`);
  const port = asObject(destination.port)?.number;
  return {
    ...(key !== undefined && key !== own && { service: called(key, own) }),
    ...(destination.subset !== undefined && { version: destination.subset }),
    ...(port !== undefined && { port: names.port(key ?? own, port) }),
    ...(target.weight !== undefined && { weight: target.weight }),
  };
}

function liftMatch(match: JsonObject, refuse: Refuse): JsonObject {
  const { name, uri, method, headers, withoutHeaders, queryParams, ignoreUriCase, port, ...rest } = match;
  const [foreign] = Object.keys(rest);
  if (foreign !== undefined) refuse(`\`${foreign}\` in a match is not imported`);
  return {
    ...(uri !== undefined && { paths: [pattern(uri, refuse)] }),
    ...(uri !== undefined && ignoreUriCase === true && { ignoreCase: true }),
    ...(method !== undefined && { methods: [exact(method, refuse)] }),
    ...(headers !== undefined && { headers: patterns(headers, refuse) }),
    ...(withoutHeaders !== undefined && { except: liftAbsent(withoutHeaders, refuse) }),
    ...(queryParams !== undefined && { query: patterns(queryParams, refuse) }),
    ...(port !== undefined && { port }),
  };
}

function patterns(named: JsonValue, refuse: Refuse): JsonObject {
  const entries = Object.entries(asObject(named) ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, [pattern(value, refuse)]]));
}

function exact(value: JsonValue, refuse: Refuse): JsonValue {
  return asText(asObject(value)?.exact) ?? refuse('methods are matched by their whole name') ?? '';
}

/** What DestinationRules say of the way to the pods, and the versions that their subsets name; or why that cannot be said. */
export function liftDestinationRules(
  specs: readonly JsonObject[],
  portName: (number: JsonValue) => JsonValue,
): JsonObject | { readonly because: string } {
  const faults: string[] = [];
  const refuse: Refuse = (because) => {
    faults.push(because);
    return undefined;
  };
  const [rule, ...others] = specs;
  if (others.length > 0) refuse('several DestinationRules are for the same host');
  const versions = objectsIn(rule?.subsets).map(({ name, labels, trafficPolicy }): [string, JsonObject] => {
    if (labels === undefined) refuse('a subset without labels is the whole Service');
    return [asText(name) ?? '', { labels: labels ?? {}, ...liftPolicy(trafficPolicy, portName, refuse) }];
  });
  const settings = liftPolicy(rule?.trafficPolicy, portName, refuse);
  const [because] = faults;
  return because === undefined ? { ...settings, ...where('versions', Object.fromEntries(versions)) } : { because };
}
