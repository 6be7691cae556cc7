import type {
  ConnectionMatch,
  NamedMatch,
  PathMatch,
  ProxyMatch,
  RouteMatch,
  TextMatch,
} from '../../mesh/routes/route.js';
import { selects } from '../../topology/model.js';

/**
 * Whether every request that a match is for meets an earlier one too, as far as that can be told without trying: it says
 * yes only where it is so.
 */
export function covers(earlier: RouteMatch | undefined, later: RouteMatch | undefined): boolean {
  if (earlier === undefined) return true;
  if (earlier.doubt !== undefined || (later === undefined && !isForAll(earlier))) return false;
  if (later === undefined) return true;
  const texts = ['method', 'authority', 'scheme'] as const;
  return (
    coversPath(earlier.path, later.path) &&
    texts.every((field) => coversText(earlier[field], later[field])) &&
    coversNamed(earlier.headers, later.headers) &&
    coversNamed(earlier.query, later.query) &&
    coversProxy(earlier.proxy, later.proxy)
  );
}

function isForAll({ path, method, authority, scheme, headers, query, proxy }: RouteMatch): boolean {
  const { port, gateways, sourceLabels, sourceNamespace } = proxy;
  const wanted = [method, authority, scheme, port, sourceNamespace];
  const lists = [headers, query, gateways, Object.keys(sourceLabels)];
  return wanted.every((each) => each === undefined) && lists.every(({ length }) => length === 0) && isEveryPath(path);
}

export function isEveryPath(path: PathMatch | undefined): boolean {
  if (path === undefined) return true;
  const { kind, value } = path;
  return kind === 'regex' ? value === '.*' : kind !== 'exact' && (value === '' || value === '/');
}

function coversPath(earlier: PathMatch | undefined, later: PathMatch | undefined): boolean {
  if (earlier === undefined || isEveryPath(earlier)) return true;
  if (later === undefined || (later.ignoreCase && !earlier.ignoreCase)) return false;
  if (earlier.kind === 'regex' || later.kind === 'regex') {
    return earlier.kind === later.kind && earlier.value === later.value && earlier.ignoreCase === later.ignoreCase;
  }
  const [wide, narrow] = [earlier, later].map(({ value }) => (earlier.ignoreCase ? value.toLowerCase() : value));
  return coversPlain(earlier.kind, wide ?? '', later.kind, narrow ?? '');
}

function coversPlain(kind: PathMatch['kind'], wide: string, ofLater: PathMatch['kind'], narrow: string): boolean {
  if (kind === 'exact') return ofLater === 'exact' && wide === narrow;
  if (kind === 'prefix') return narrow.startsWith(wide);
  const isWithin = narrow === wide || narrow.startsWith(`${wide}/`);
  return ofLater === 'prefix' ? narrow.startsWith(`${wide}/`) : isWithin;
}

function coversText(earlier: TextMatch | undefined, later: TextMatch | undefined): boolean {
  if (earlier === undefined) return true;
  if (later === undefined) return false;
  if (earlier.kind === 'present') return true;
  if (later.kind === 'present') return false;
  if (earlier.kind === 'prefix') return later.kind !== 'regex' && later.value.startsWith(earlier.value);
  return earlier.kind === later.kind && earlier.value === later.value;
}

function coversNamed(earlier: readonly NamedMatch[], later: readonly NamedMatch[]): boolean {
  return earlier.every((wanted) => later.some((given) => impliesNamed(given, wanted)));
}

function impliesNamed(given: NamedMatch, wanted: NamedMatch): boolean {
  if (given.name !== wanted.name || given.negated !== wanted.negated) return false;
  return wanted.negated
    ? JSON.stringify(given.match) === JSON.stringify(wanted.match)
    : coversText(wanted.match, given.match);
}

function coversProxy(earlier: ProxyMatch, later: ProxyMatch): boolean {
  const sameOrAny = <T>(wanted: T | undefined, given: T | undefined) => wanted === undefined || wanted === given;
  const isForGateways =
    earlier.gateways.length === 0 ||
    (later.gateways.length > 0 && later.gateways.every((gateway) => earlier.gateways.includes(gateway)));
  return (
    sameOrAny(earlier.port, later.port) &&
    sameOrAny(earlier.sourceNamespace, later.sourceNamespace) &&
    isForGateways &&
    selects(earlier.sourceLabels, later.sourceLabels)
  );
}

/** The same of connections. */
export function coversConnection(earlier: ConnectionMatch | undefined, later: ConnectionMatch | undefined): boolean {
  if (earlier === undefined) return true;
  if (earlier.doubt !== undefined) return false;
  if (later === undefined) return false;
  const isNamed =
    earlier.serverNames.length === 0 ||
    (later.serverNames.length > 0 &&
      later.serverNames.every((name) => earlier.serverNames.some((wide) => coversName(wide, name))));
  return isNamed && coversProxy(earlier.proxy, later.proxy);
}

function coversName(wide: string, name: string): boolean {
  return wide.startsWith('*') ? name.endsWith(wide.slice(1)) : wide === name;
}
