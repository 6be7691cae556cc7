import { asObject, asText } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { called } from '../names/called.js';
import { objectsIn } from '../objects-in.js';
import { liftRedirect, liftResponse } from './actions.js';
import type { Refuse, TrafficNames } from './lifting.js';

/** What becomes of a request. `own`: the Service, as `namespace/name`, or the host that the settings are for; empty at a gateway. */
export function liftAnswer(rule: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  if (rule.redirect !== undefined) return { redirect: liftRedirect(rule.redirect, refuse) };
  if (rule.directResponse !== undefined) return { respond: liftResponse(rule.directResponse, refuse) };
  const to = objectsIn(rule.route).map((each) => liftTarget(each, own, names, refuse));
  if (to.length === 0) refuse('a rule that leads nowhere');
  const weighted = to.length > 1 ? to : to.map(({ weight, ...each }) => each);
  return {
    to: weighted.map((each): JsonObject => (isElsewhere(each) ? each : { ...ownName(own), ...each })),
  };
}

/** Without a percentage all requests are copied. */
export function liftMirror(copy: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const percent = asObject(copy.percentage)?.value;
  const { weight, ...target } = liftTarget(copy, own, names, refuse);
  return { ...(!isElsewhere(target) && ownName(own)), ...target, ...(percent !== undefined && { percent }) };
}

function isElsewhere({ service, host, version }: JsonObject): boolean {
  return [service, host, version].some((each) => each !== undefined);
}

/** What settings are for, as a route names it. */
export function ownName(own: string): JsonObject {
  return own.includes('/') ? { service: called(own, own) } : { host: own };
}

function liftTarget(target: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const { host, subset, port } = asObject(target.destination) ?? {};
  if (target.headers !== undefined) refuse('`headers` of one destination are not imported');
  const place = placeOf(asText(host) ?? '', own, names, refuse);
  return {
    ...place.name,
    ...(subset !== undefined && { version: subset }),
    ...portOf(place.key, asObject(port)?.number, names),
    ...(target.weight !== undefined && { weight: target.weight }),
  };
}

function portOf(key: string, number: JsonValue | undefined, names: TrafficNames): JsonObject {
  return number === undefined ? {} : { port: names.port(key, number) };
}

interface NamedPlace {
  readonly key: string;
  /** As a route names it; nothing where it is what the settings are for. */
  readonly name: JsonObject;
}

function placeOf(host: string, own: string, names: TrafficNames, refuse: Refuse): NamedPlace {
  const key = names.service(host);
  if (key !== undefined) return { key, name: key === own ? {} : { service: called(key, own) } };
  if (host === own || names.homeOf(host) !== undefined) return { key: host, name: host === own ? {} : { host } };
  refuse(`\`${host}\` is no Service and no host among the manifests`);
  return { key: host, name: {} };
}
