import { asArray, asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { groupBy } from '../../util/order.js';
import { called } from '../names/called.js';
import { label, unlike } from '../names/label.js';
import { objectsIn } from '../objects-in.js';

/**
 * Settings with some routes: a single one for everything is a split, or says nothing of where requests go; else they are told
 * one by one.
 */
export function settingsOfRoutes(
  routes: readonly JsonObject[],
  { own, ports, isOfRequests, hasExternalWeights }: RoutesOfScope,
): JsonObject {
  const [only, ...others] = routes;
  if (only === undefined) return {};
  const isPlain = others.length === 0 && only.match === undefined && isForItself(only, own);
  if (isPlain && !hasExternalWeights) return settingsOf(only);
  return {
    routes: named(routes.map(withAlternatives)),
    ...(isOfRequests && unmatched(routes, ports)),
    ...(hasExternalWeights && { weights: 'External' }),
  };
}

export interface RoutesOfScope {
  /** The Service, as `namespace/name`, or the host that they are for; empty at a gateway. */
  readonly own: string;
  /** Those on which requests are read. */
  readonly ports: readonly JsonValue[];
  readonly isOfRequests: boolean;
  readonly hasExternalWeights: boolean;
}

/** What settings say for all of their routes. */
const shared = ['timeout', 'retries', 'faults', 'cors'];

function isForItself({ name, to, ...rest }: JsonObject, own: string): boolean {
  const isOwn = ({ service, host, port }: JsonObject) =>
    port === undefined && (own.includes('/') ? (service ?? called(own, own)) === called(own, own) : host === own);
  return own !== '' && Object.keys(rest).every((field) => shared.includes(field)) && objectsIn(to).every(isOwn);
}

function settingsOf({ name, to, ...settings }: JsonObject): JsonObject {
  const targets = objectsIn(to);
  if (targets.every(({ version }) => version === undefined)) return settings;
  const [only, ...others] = targets;
  if (only !== undefined && others.length === 0)
    return { ...settings, routes: named([{ ...(name !== undefined && { name }), to: [only] }]) };
  const split = targets.map(({ version, weight }) => [asText(version) ?? '', weight ?? 100] as const);
  return { ...settings, split: Object.fromEntries(split) };
}

/** Requests that no route takes are answered 404, which is said where there may be some. */
function unmatched(routes: readonly JsonObject[], ports: readonly JsonValue[]): JsonObject {
  const matches = routes.map(({ match }) => (match === undefined ? undefined : objectsIn(match)));
  const tellsPorts = matches.some((each) => each?.some(({ port }) => port !== undefined));
  const isWhole = (port: JsonValue | undefined) =>
    matches.some((each) => each === undefined || each.some((match) => asksForPortAlone(match) && match.port === port));
  return (tellsPorts ? ports : [undefined]).every(isWhole) ? {} : { unmatched: 'NotFound' };
}

function asksForPortAlone(match: JsonObject): boolean {
  return Object.keys(match).every((field) => field === 'port');
}

function named(routes: readonly JsonObject[]): JsonObject[] {
  const taken = new Set<string>();
  return routes.map((route, index): JsonObject => {
    const name = unlike(nameOf(route, index === routes.length - 1), taken);
    taken.add(name);
    return { name, ...route, ...(route.name !== undefined && { name }) };
  });
}

function nameOf({ name, match }: JsonObject, isLast: boolean): string {
  const [first] = objectsIn(match);
  const [path] = asArray(first?.paths);
  const [serverName] = asArray(first?.serverNames);
  const [header] = Object.keys(asObject(first?.headers) ?? {});
  const wanted = [name, path, asObject(path)?.regex, serverName, header].map((each) => label(asText(each) ?? ''));
  return wanted.find((each) => each !== '') ?? (isLast || match === undefined ? 'rest' : 'route');
}

/** Alternatives that differ in their paths alone are one with several. */
function withAlternatives({ match, ...route }: JsonObject): JsonObject {
  if (match === undefined) return route;
  const alike = groupBy(objectsIn(match), ({ paths, ...rest }) => JSON.stringify([paths !== undefined, rest]));
  const merged = [...alike.values()].map((same): JsonObject => {
    const [{ paths, ...rest } = {}] = same;
    const all = same.flatMap((each) => asArray(each.paths));
    return { ...(all.length > 0 && { paths: all }), ...rest };
  });
  return { match: merged, ...route };
}
