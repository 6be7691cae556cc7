import type { JsonObject, JsonValue } from '../../parse/document.js';
import { nanosecondsOf } from '../go-duration.js';
import { asArray, asObject, asText } from '../json.js';
import { type HeaderTests, readHeaderMatch } from './header-match.js';

/** How many requests a proxy lets through by its own count. */
export interface LocalLimit {
  readonly requests: number;
  readonly milliseconds: number;
  /** Empty: every request. */
  readonly headers: HeaderTests;
}

const typeName = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';

/** What a filter of Envoy’s counts by itself, in the one shape that is read. */
export function readLocalLimit(config: JsonObject): LocalLimit | undefined {
  const { stat_prefix: prefix, '@type': type, filter_enabled, filter_enforced, ...counted } = config;
  const isOn = [filter_enabled, filter_enforced].every(isAlways);
  return type === typeName && isOn && typeof prefix === 'string' ? countOf(counted) : undefined;
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

function bucketOf(bucket: JsonValue | undefined, headers: HeaderTests): LocalLimit | undefined {
  const { max_tokens: requests, tokens_per_fill: fill, fill_interval: interval, ...others } = asObject(bucket) ?? {};
  const nanoseconds = nanosecondsOf(asText(interval) ?? '');
  if (typeof requests !== 'number' || fill !== requests || Object.keys(others).length > 0) return undefined;
  return nanoseconds === undefined ? undefined : { requests, milliseconds: nanoseconds / 1e6, headers };
}

/** Of the one action, the headers that make a descriptor of this value. */
function headersOf(limits: JsonValue | undefined, value: string | undefined): HeaderTests | undefined {
  const [limit, ...more] = asArray(limits).map(asObject);
  const [action, ...further] = asArray(limit?.actions).map(asObject);
  const matched = readHeaderMatch(action?.header_value_match);
  const isOne = more.length + further.length === 0 && matched?.value === value && value !== undefined;
  return isOne && Object.keys(limit ?? {}).length === 1 ? matched?.headers : undefined;
}
