import { STATUS_CODES } from 'node:http';
import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { objectAt, objectsAt, type Placed } from '../json.js';
import { durationFault } from './duration.js';
import { checkFault } from './http-fault.js';
import { checkDestination, checkDestinations } from './route-destinations.js';

/** One http route of a VirtualService: one outcome, shared by weight, with faults and retries that Envoy knows. */
export function checkHttpRoute({ path, value: route }: Placed<JsonObject>, isDelegate: boolean): readonly string[] {
  const mirror = route.mirror === undefined ? [] : [{ path: `${path}.mirror`, value: objectAt(route, 'mirror') }];
  return [
    ...checkOutcome(route, path, isDelegate),
    ...checkExclusions(route, path),
    ...checkDestinations(objectsAt(route, 'route', path), `${path}.route`),
    ...mirror.flatMap(checkDestination),
    ...checkDuration(route.timeout, `${path}.timeout`),
    ...(route.fault === undefined ? [] : checkFault(objectAt(route, 'fault'), `${path}.fault`)),
    ...(route.retries === undefined ? [] : checkRetries(objectAt(route, 'retries'), `${path}.retries`)),
  ];
}

/** Exactly one of route, redirect and directResponse; a route with a delegate has none of the first two (L-12). */
function checkOutcome(route: JsonObject, path: string, isDelegate: boolean): readonly string[] {
  const outcomes = ['route', 'redirect', 'directResponse'].filter((field) => route[field] !== undefined);
  if (route.delegate !== undefined) {
    const nested = isDelegate ? [`${path}.delegate: not in a delegate (L-12)`] : [];
    return [...nested, ...(outcomes.length > 0 ? [`${path}: delegate excludes ${outcomes.join(', ')} (L-12)`] : [])];
  }
  return outcomes.length === 1 ? [] : [`${path}: needs exactly one of route, redirect, directResponse (L-12)`];
}

const exclusions: ReadonlyArray<readonly [string, string]> = [
  ['redirect', 'fault'],
  ['redirect', 'rewrite'],
  ['directResponse', 'fault'],
  ['directResponse', 'rewrite'],
  ['mirror', 'mirrors'],
];

function checkExclusions(route: JsonObject, path: string): readonly string[] {
  return exclusions
    .filter(([one, other]) => route[one] !== undefined && route[other] !== undefined)
    .map(([one, other]) => `${path}: ${one} excludes ${other} (L-12)`);
}

const retryPolicies = new Set(
  '5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes retriable-headers envoy-ratelimited http3-post-connect-failure cancelled deadline-exceeded internal resource-exhausted unavailable'.split(
    ' ',
  ),
);

function checkRetries(retries: JsonObject, path: string): readonly string[] {
  const attempts = Number(retries.attempts ?? 0);
  const further = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].filter((field) => retries[field] !== undefined);
  const conditions = retries.retryOn === undefined ? [] : String(retries.retryOn).split(',');
  const unknown = conditions.filter((one) => !retryPolicies.has(one) && STATUS_CODES[one] === undefined);
  return [
    ...(attempts < 0 ? [`${path}.attempts: is negative (L-16)`] : []),
    ...(attempts === 0 && further.length > 0 ? [`${path}: 0 attempts stand alone, without ${further} (L-16)`] : []),
    ...unknown.map((one) => `${path}.retryOn: \`${one}\` is not a retry condition (L-16)`),
    ...checkDuration(retries.perTryTimeout, `${path}.perTryTimeout`),
  ];
}

function checkDuration(value: JsonValue | undefined, path: string): readonly string[] {
  const fault = value === undefined ? undefined : durationFault(String(value));
  return fault === undefined ? [] : [`${path}: ${fault}`];
}
