import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { extentOf } from '../doubts/extensions.js';
import { nanosecondsOf } from '../go-duration.js';
import { asArray, asObject, asText } from '../json.js';
import type { Scope } from '../policies/policy.js';

/** A patch of an EnvoyFilter by which requests are counted in some filter chains, in the one shape that is read. */
export interface LimitPatch {
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly scope: Scope;
  readonly chain: LimitedChain;
  readonly limit: LocalLimit;
}

/** Of a sidecar by the pods’ port, of a waypoint by its name, and of a gateway by the port of its listener. */
export type LimitedChain = { readonly port: number } | { readonly name: string } | { readonly listener: number };

export interface LocalLimit {
  readonly requests: number;
  readonly milliseconds: number;
  /** By header: the RE2 expression for its whole value, or `undefined` where it need only be there. Empty: every request. */
  readonly headers: ReadonlyMap<string, string | undefined>;
}

/** What is read of the limits in an EnvoyFilter; a patch that counts in another way leaves the whole object unread. */
export function readLimitPatches(object: ManifestObject): readonly LimitPatch[] | undefined {
  const { namespace, scope } = extentOf(object, 'workloadSelector', 'labels');
  const patches = asArray(asObject(object.value.spec)?.configPatches).filter(isAboutLimits);
  const read = patches.map((patch) => {
    const { applyTo, match, patch: change } = asObject(patch) ?? {};
    const chain = applyTo === 'HTTP_FILTER' ? chainOf(match) : undefined;
    const limit = limitOf(change);
    return chain && limit && { object, namespace, scope, chain, limit };
  });
  return read.every((each) => each !== undefined) ? read : undefined;
}

function isAboutLimits(patch: JsonValue): boolean {
  return JSON.stringify(patch).includes('ratelimit');
}

/** An HTTP_FILTER of what arrives, before the router, in the chains for a port or of a name. */
function chainOf(match: JsonValue | undefined): LimitedChain | undefined {
  const { context, listener, ...others } = asObject(match) ?? {};
  const { filterChain, portNumber, ...beside } = asObject(listener) ?? {};
  const { name, destinationPort, filter, ...further } = asObject(filterChain) ?? {};
  const isPlain = [others, beside, further].every((rest) => Object.keys(rest).length === 0);
  const { name: manager, subFilter } = asObject(filter) ?? {};
  const isBeforeRouter =
    manager === 'envoy.filters.network.http_connection_manager' &&
    asObject(subFilter)?.name === 'envoy.filters.http.router';
  if (!isPlain || !isBeforeRouter) return undefined;
  if (context === 'GATEWAY' && typeof portNumber === 'number')
    return name === undefined && destinationPort === undefined ? { listener: portNumber } : undefined;
  if (context !== 'SIDECAR_INBOUND' || portNumber !== undefined) return undefined;
  if (typeof name === 'string' && destinationPort === undefined) return { name };
  return typeof destinationPort === 'number' && name === undefined ? { port: destinationPort } : undefined;
}

const typeName = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';

function limitOf(change: JsonValue | undefined): LocalLimit | undefined {
  const { operation, value } = asObject(change) ?? {};
  const { name, typed_config: config, ...others } = asObject(value) ?? {};
  const { stat_prefix: prefix, '@type': type, filter_enabled, filter_enforced, ...counted } = asObject(config) ?? {};
  const isOn = [filter_enabled, filter_enforced].every(isAlways);
  const isNamed = typeof name === 'string' && Object.keys(others).length === 0;
  const isKnown = operation === 'INSERT_BEFORE' && type === typeName && isNamed;
  return isKnown && isOn && typeof prefix === 'string' ? countOf(counted) : undefined;
}

function isAlways(value: JsonValue | undefined): boolean {
  const { numerator, denominator } = asObject(asObject(value)?.default_value) ?? {};
  return numerator === 100 && denominator === 'HUNDRED' && Object.keys(asObject(value) ?? {}).length === 1;
}

/** One bucket for every request, or one for those of which a single descriptor is made. */
function countOf({ token_bucket: whole, descriptors, rate_limits: limits, ...others }: JsonObject) {
  if (Object.keys(others).length > 0) return undefined;
  if (whole !== undefined) return (descriptors ?? limits) ? undefined : bucketOf(whole, new Map());
  const [descriptor, ...more] = asArray(descriptors).map(asObject);
  const [entry, ...further] = asArray(descriptor?.entries).map(asObject);
  const headers = headersOf(limits, asText(entry?.value));
  if (more.length + further.length > 0 || entry?.key !== 'header_match' || headers === undefined) return undefined;
  return bucketOf(descriptor?.token_bucket, headers);
}

function bucketOf(bucket: JsonValue | undefined, headers: LocalLimit['headers']): LocalLimit | undefined {
  const { max_tokens: requests, tokens_per_fill: fill, fill_interval: interval, ...others } = asObject(bucket) ?? {};
  const nanoseconds = nanosecondsOf(asText(interval) ?? '');
  if (typeof requests !== 'number' || fill !== requests || Object.keys(others).length > 0) return undefined;
  return nanoseconds === undefined ? undefined : { requests, milliseconds: nanoseconds / 1e6, headers };
}

/** Of the one action, the headers that make a descriptor of this value. */
function headersOf(limits: JsonValue | undefined, value: string | undefined): LocalLimit['headers'] | undefined {
  const [limit, ...more] = asArray(limits).map(asObject);
  const [action, ...further] = asArray(limit?.actions).map(asObject);
  const { descriptor_value: made, headers, ...others } = asObject(action?.header_value_match) ?? {};
  const isOne = more.length + further.length === 0 && made === value && value !== undefined;
  if (!isOne || Object.keys(others).length > 0 || Object.keys(limit ?? {}).length !== 1) return undefined;
  const tests = asArray(headers).map(testOf);
  if (tests.length === 0 || tests.some((test) => test === undefined)) return undefined;
  return new Map(tests.flatMap((test) => (test ? [test] : [])));
}

function testOf(value: JsonValue): readonly [string, string | undefined] | undefined {
  const { name, string_match: text, present_match: present, ...others } = asObject(value) ?? {};
  const regex = asText(asObject(asObject(text)?.safe_regex)?.regex);
  if (typeof name !== 'string' || Object.keys(others).length > 0) return undefined;
  if (present === true && text === undefined) return [name, undefined];
  return regex === undefined || present !== undefined ? undefined : [name, regex];
}
