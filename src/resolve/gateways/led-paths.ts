import type { JsonValue, ManifestObject } from '../../parse/document.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { type Gateway, keyOf, type Service } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import type { ResolvedGatewayTraffic, RouteMatch } from '../resolved-traffic.js';
import { coversText } from '../text-patterns.js';
import { gatewayObjectsOf, isForGateway, isOneOf } from './routes-at-gateway.js';

/** Patterns of paths, without those of other rules that are closer; or why a rule cannot say them. `*`: every path. */
export type LedPaths =
  | { readonly patterns: readonly string[]; readonly closer: readonly string[] }
  | { readonly unsaid: string };

/** One way in which a rule of a route matches. */
interface Entry {
  /** Whether it leads to the Service. */
  readonly leads: boolean;
  /** `undefined`: by an expression. */
  readonly patterns: readonly string[] | undefined;
  readonly written: string;
  /** Whether it looks at nothing but the path. */
  readonly isOfPathsAlone: boolean;
}

/**
 * By which paths the routes of a gateway lead to a Service, for some hosts. Of two rules for a path the closer one is taken to
 * count, as it mostly does: the proof follows every request, and says so where it does not.
 */
export function ledPaths(
  routes: readonly ManifestObject[],
  traffic: readonly ResolvedGatewayTraffic[],
  gateway: Gateway,
  service: Service,
  hosts: readonly string[],
): LedPaths {
  const objects = gatewayObjectsOf(gateway);
  const entries = [
    ...routes
      .filter((route) => isForGateway(route, objects) && meet(hostsOf(route), hosts))
      .flatMap((each) => entriesOf(each, service)),
    ...traffic.flatMap((each) => entriesOfSettings(each, gateway, objects, service, hosts)),
  ];
  const leading = entries.filter(({ leads }) => leads);
  const unsaid = leading.find(({ patterns }) => patterns === undefined);
  if (unsaid) return { unsaid: unsaid.written };
  const patterns = sortedUnique(leading.flatMap((entry) => entry.patterns ?? []));
  const others = entries.filter(({ leads, isOfPathsAlone }) => !leads && isOfPathsAlone);
  const isCloser = (other: string) =>
    !patterns.includes(other) && patterns.some((own) => coversText('paths', own, other));
  return { patterns, closer: sortedUnique(others.flatMap((entry) => entry.patterns ?? []).filter(isCloser)) };
}

function named({ namespace = 'default', name }: ManifestObject) {
  return { namespace, name };
}

function hostsOf({ value }: ManifestObject): readonly string[] {
  const { hosts, hostnames } = Object(value.spec);
  const written = listOf(hosts ?? hostnames).map((host) => String(host).replace(/^.*\//, ''));
  return written.length === 0 ? ['*'] : written;
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) =>
    others.some((other) => one === '*' || one === other || coversName(one, other) || coversName(other, one)),
  );
}

function entriesOf(route: ManifestObject, service: Service): readonly Entry[] {
  const { http, rules } = Object(route.value.spec);
  if (route.kind === 'VirtualService')
    return listOf(http).flatMap((rule) => {
      const { match, route: backends } = Object(rule);
      const leads = listOf(backends).some((each) => isHostOf(Object(Object(each).destination).host, route, service));
      return entriesIn(match, leads, ['uri'], pathOfUri);
    });
  return listOf(rules).flatMap((rule) => {
    const { matches, backendRefs } = Object(rule);
    const leads = listOf(backendRefs).some((each) => {
      const { name, namespace = named(route).namespace, kind = 'Service' } = Object(each);
      return kind === 'Service' && name === service.name && namespace === service.namespace;
    });
    if (route.kind === 'GRPCRoute') return entriesIn(matches, leads, ['method'], pathOfMethod);
    return entriesIn(matches, leads, ['path'], pathOfMatch);
  });
}

type Found = Pick<Entry, 'patterns' | 'written'>;

function entriesIn(
  matches: unknown,
  leads: boolean,
  ofPaths: readonly string[],
  pathOf: (match: object) => Found,
): readonly Entry[] {
  const written = listOf(matches);
  const all = written.length === 0 ? [{}] : written.map((each) => Object(each));
  return all.map((match) => ({
    leads,
    isOfPathsAlone: Object.keys(match).every((key) => ofPaths.includes(key)),
    ...pathOf(match),
  }));
}

function isHostOf(host: unknown, route: ManifestObject, { host: whole, name, namespace }: Service): boolean {
  return host === whole || (host === name && named(route).namespace === namespace);
}

/** A prefix of VirtualService is one of the text. */
function pathOfUri(match: object): Found {
  const { exact, prefix, regex } = Object(Object(match).uri);
  if (typeof exact === 'string') return plain(exact);
  if (typeof prefix === 'string') return plain(prefix === '/' ? '*' : `${prefix}*`);
  return regex === undefined ? plain('*') : expression(regex);
}

/** A prefix of Gateway API is one of segments. */
function pathOfMatch(match: object): Found {
  const { type = 'PathPrefix', value = '/' } = Object(Object(match).path);
  if (type === 'Exact') return plain(String(value));
  if (type !== 'PathPrefix') return expression(value);
  const start = String(value).replace(/\/$/, '');
  return start === '' ? plain('*') : plain(start, `${start}/*`);
}

function pathOfMethod(match: object): Found {
  const { type = 'Exact', service, method } = Object(Object(match).method);
  if (type !== 'Exact') return expression(`${service ?? ''}/${method ?? ''}`);
  if (service === undefined) return plain(method === undefined ? '*' : `*/${method}`);
  return plain(method === undefined ? `/${service}/*` : `/${service}/${method}`);
}

function plain(...patterns: readonly string[]): Found {
  return { patterns, written: patterns.join(', ') };
}

function expression(written: unknown): Found {
  return { patterns: undefined, written: `the expression \`${written}\`` };
}

function entriesOfSettings(
  { gateways, hosts, routes }: ResolvedGatewayTraffic,
  { cluster }: Gateway,
  objects: ReadonlySet<string>,
  service: Service,
  wanted: readonly string[],
): readonly Entry[] {
  const isHere = isOneOf(gateways, cluster, objects);
  const own = hosts.map(({ value }) => value);
  if (!isHere || !meet(own, wanted)) return [];
  return routes.flatMap(({ action, matches }) => {
    const leads =
      action.kind === 'forward' &&
      action.backends.some(({ place }) => place.kind === 'service' && keyOf(place) === keyOf(service));
    if (matches.length === 0) return [{ leads, isOfPathsAlone: true, ...plain('*') }];
    return matches.map((match) => ({ leads, isOfPathsAlone: looksAtPathsAlone(match), ...pathsOfMatch(match) }));
  });
}

function looksAtPathsAlone({ hosts, methods, headers, query, except }: RouteMatch): boolean {
  return hosts.length + methods.length + headers.length + query.length + except.length === 0;
}

function pathsOfMatch({ paths, ignoreCase }: RouteMatch): Found {
  if (paths.length === 0) return plain('*');
  const fault = paths.find(({ kind }) => kind === 'regex' || ignoreCase);
  return fault ? expression(fault.value) : plain(...paths.map(patternOf));
}

function patternOf({ kind, value }: RouteMatch['paths'][number]): string {
  if (kind === 'any') return '*';
  return kind === 'exact' ? value : kind === 'prefix' ? `${value}*` : `*${value}`;
}

function listOf(value: unknown): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
