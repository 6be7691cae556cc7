import { asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { label, unlike } from '../names/label.js';
import { objectsIn } from '../objects-in.js';

/** What hosts mean where they are written: the key of the Service, where it is one. */
export type HostNames = (host: string) => string | undefined;

/** Collects what a route says that has no words here. */
type Refuse = (because: string) => undefined;

/** The routes of a VirtualService for its own Service, in the words of the language; or why not. */
export function liftRoutes(
  rules: readonly JsonObject[],
  own: string,
  hosts: HostNames,
): JsonObject | { readonly because: string } {
  const faults: string[] = [];
  const refuse: Refuse = (because) => {
    faults.push(because);
    return undefined;
  };
  const taken = new Set<string>();
  const routes = rules.map((rule, index) => {
    const name = unlike(nameOf(rule, index === rules.length - 1), taken);
    taken.add(name);
    return { name, ...liftRoute(rule, own, hosts, refuse) };
  });
  const [because] = faults;
  return because === undefined ? asSettings(routes, own) : { because };
}

/** A single route for everything is a split, or says nothing of where requests go; else the routes are told one by one. */
function asSettings(routes: readonly JsonObject[], own: string): JsonObject {
  const [only, ...others] = routes;
  if (only === undefined || others.length > 0 || only.match !== undefined) return withUnmatched(routes);
  const { name, to, timeout, retries, ...rest } = only;
  const targets = objectsIn(to);
  const isPlain =
    Object.keys(rest).length === 0 && targets.every(({ service = own, port }) => service === own && port === undefined);
  if (!isPlain) return withUnmatched(routes);
  const settings = { ...(timeout !== undefined && { timeout }), ...(retries !== undefined && { retries }) };
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
  const uri = Object.values(asObject(first?.uri) ?? {}).flatMap((value) => asText(value) ?? [])[0];
  const [header] = Object.keys(asObject(first?.headers) ?? {});
  const wanted = [asText(name), uri, header].map((each) => label(each ?? '')).find((each) => each !== '');
  return wanted ?? (isLast ? 'rest' : 'route');
}

const known: ReadonlySet<string> = new Set(['name', 'match', 'route', 'timeout', 'retries', 'rewrite']);

function liftRoute(rule: JsonObject, own: string, hosts: HostNames, refuse: Refuse): JsonObject {
  const foreign = Object.keys(rule).find((field) => !known.has(field));
  if (foreign !== undefined) refuse(`\`${foreign}\` of a route is not imported`);
  const match = objectsIn(rule.match).map((each) => liftMatch(each, refuse));
  const to = objectsIn(rule.route).map((each) => liftTarget(each, own, hosts, refuse));
  const isForAll = match.some((each) => Object.keys(each).length === 0);
  const weighted = to.length > 1 ? to : to.map(({ weight, ...each }) => each);
  return {
    ...(match.length > 0 && !isForAll && { match }),
    to: weighted.map((each): JsonObject => (Object.keys(each).length === 0 ? { service: own } : each)),
    ...(rule.rewrite !== undefined && { rewrite: liftRewrite(rule.rewrite, refuse) }),
    ...(rule.timeout !== undefined && { timeout: rule.timeout }),
    ...(rule.retries !== undefined && { retries: liftRetries(rule.retries, refuse) }),
  };
}

function liftTarget(target: JsonObject, own: string, hosts: HostNames, refuse: Refuse): JsonObject {
  const destination = asObject(target.destination) ?? {};
  if (target.headers !== undefined) refuse('`headers` of one destination are not imported');
  const key = hosts(asText(destination.host) ?? '');
  if (key === undefined) refuse(`\`${asText(destination.host)}\` is no Service among the manifests`);
  const port = asObject(destination.port)?.number;
  return {
    ...(key !== undefined && key !== own && { service: key }),
    ...(destination.subset !== undefined && { version: destination.subset }),
    ...(port !== undefined && { port }),
    ...(target.weight !== undefined && { weight: target.weight }),
  };
}

function liftMatch(match: JsonObject, refuse: Refuse): JsonObject {
  const { name, uri, method, headers, queryParams, ignoreUriCase, port, ...rest } = match;
  const [foreign] = Object.keys(rest);
  if (foreign !== undefined) refuse(`\`${foreign}\` in a match is not imported`);
  return {
    ...(uri !== undefined && { paths: [pattern(uri, refuse)] }),
    ...(uri !== undefined && ignoreUriCase === true && { ignoreCase: true }),
    ...(method !== undefined && { methods: [exact(method, refuse)] }),
    ...(headers !== undefined && { headers: patterns(headers, refuse) }),
    ...(queryParams !== undefined && { query: patterns(queryParams, refuse) }),
    ...(port !== undefined && { port }),
  };
}

function patterns(named: JsonValue, refuse: Refuse): JsonObject {
  const entries = Object.entries(asObject(named) ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, [pattern(value, refuse)]]));
}

function pattern(value: JsonValue, refuse: Refuse): JsonValue {
  const { exact: text, prefix, regex } = asObject(value) ?? {};
  if (asText(text) !== undefined) return text ?? '';
  if (asText(prefix) !== undefined) return `${asText(prefix)}*`;
  if (asText(regex) !== undefined) return { regex: regex ?? '' };
  return Object.keys(asObject(value) ?? {}).length === 0
    ? '*'
    : (refuse('a match that is none of `exact`, `prefix` and `regex`') ?? '*');
}

function exact(value: JsonValue, refuse: Refuse): JsonValue {
  return asText(asObject(value)?.exact) ?? refuse('methods are matched by their whole name') ?? '';
}

function liftRewrite(rewrite: JsonValue, refuse: Refuse): JsonObject {
  const { uri, authority, ...rest } = asObject(rewrite) ?? {};
  if (Object.keys(rest).length > 0) refuse('a rewrite by an expression is not imported');
  return { ...(uri !== undefined && { prefix: uri }), ...(authority !== undefined && { host: authority }) };
}

function liftRetries(retries: JsonValue, refuse: Refuse): JsonObject {
  const { attempts, perTryTimeout, retryOn, backoff, ...rest } = asObject(retries) ?? {};
  const [foreign] = Object.keys(rest);
  if (foreign !== undefined) refuse(`\`${foreign}\` of retries is not imported`);
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

/** The versions that subsets of DestinationRules name; or why they cannot be said. */
export function liftSubsets(specs: readonly JsonObject[]): JsonObject | { readonly because: string } {
  const subsets = specs.flatMap(({ subsets }) => objectsIn(subsets));
  const isPlain = ({ trafficPolicy }: JsonObject) => trafficPolicy === undefined || isAutomatic(trafficPolicy);
  if (![...specs, ...subsets].every(isPlain)) return { because: 'a traffic policy is not imported' };
  if (subsets.some(({ labels }) => labels === undefined))
    return { because: 'a subset without labels is the whole Service' };
  const versions = subsets.map(({ name, labels }) => [asText(name) ?? '', { labels: labels ?? {} }] as const);
  return versions.length === 0 ? {} : { versions: Object.fromEntries(versions) };
}

/** Sidecars speak mutual TLS with each other by themselves. */
function isAutomatic(policy: JsonValue): boolean {
  const { tls, ...rest } = asObject(policy) ?? {};
  const isMutual =
    tls === undefined || (asObject(tls)?.mode === 'ISTIO_MUTUAL' && Object.keys(asObject(tls) ?? {}).length === 1);
  return isMutual && Object.keys(rest).length === 0;
}

/** The only host of a VirtualService that is for the proxies of the mesh, and nothing but requests. */
export function hostOfRoutes({
  hosts,
  gateways,
  exportTo,
  tcp,
  tls,
}: JsonObject): string | { readonly because: string } {
  const [host, ...others] = asTexts(hosts);
  const named = asTexts(gateways);
  if (named.length > 0 && named.join() !== 'mesh') return { because: 'routes of gateways are not imported' };
  if (exportTo !== undefined) return { because: '`exportTo` is not imported' };
  if (tcp !== undefined || tls !== undefined) return { because: 'routes of connections are not imported' };
  return host === undefined || others.length > 0 ? { because: 'it is for several hosts, or for none' } : host;
}
