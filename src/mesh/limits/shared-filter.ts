import type { JsonObject, JsonValue } from '../../parse/document.js';
import { nanosecondsOf } from '../go-duration.js';
import { asArray, asObject, asText } from '../json.js';
import { type HeaderTests, readHeaderMatch } from './header-match.js';

/** What proxies ask a rate limit service about, in the one shape that is read. */
export interface SharedFilter {
  readonly domain: string;
  /** The Service and port that the cluster of Envoy’s is for. */
  readonly host: string;
  readonly port: number;
  /** How long a proxy waits for an answer. */
  readonly milliseconds: number;
  /** Whether requests are refused where no answer comes. */
  readonly refuses: boolean;
  /** Of each request those that it makes, entry by entry. */
  readonly descriptors: ReadonlyArray<readonly DescriptorEntry[]>;
}

/** A key with its value, or with whatever the request has. */
export interface DescriptorEntry {
  readonly key: string;
  readonly value: string | undefined;
  /** What headers must look like, or the entry is not made. */
  readonly headers?: HeaderTests;
  /** Whose value it is, where it is that of the request. */
  readonly of?: 'header' | 'address';
}

const typeName = 'type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit';

/** What Envoy waits for where nothing is said (F-64). */
const usualMilliseconds = 20;

export function readSharedFilter(config: JsonObject): SharedFilter | undefined {
  const { '@type': type, stat_prefix: _, domain, failure_mode_deny: refuses, timeout, ...asked } = config;
  const { rate_limit_service: service, rate_limits: limits, ...others } = asked;
  const asks = askedOf(service);
  const milliseconds = timeout === undefined ? usualMilliseconds : millisecondsOf(timeout);
  const descriptors = asArray(limits).map(descriptorOf);
  const isRead = type === typeName && typeof domain === 'string' && Object.keys(others).length === 0;
  if (!isRead || asks === undefined || milliseconds === undefined || descriptors.length === 0) return undefined;
  if (refuses !== undefined && typeof refuses !== 'boolean') return undefined;
  const known = descriptors.flatMap((each) => (each === undefined ? [] : [each]));
  if (known.length < descriptors.length) return undefined;
  return { domain, ...asks, milliseconds, refuses: refuses === true, descriptors: known };
}

function millisecondsOf(duration: JsonValue): number | undefined {
  const nanoseconds = nanosecondsOf(asText(duration) ?? '');
  return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
}

/** By the name that istiod gives the cluster of a Service and port; without an authority of its own it would be that name. */
function askedOf(service: JsonValue | undefined): Pick<SharedFilter, 'host' | 'port'> | undefined {
  const { transport_api_version: version, grpc_service: grpc, ...others } = asObject(service) ?? {};
  const { envoy_grpc: envoy, ...beside } = asObject(grpc) ?? {};
  const { cluster_name: name, authority, ...further } = asObject(envoy) ?? {};
  const isPlain = [others, beside, further].every((rest) => Object.keys(rest).length === 0);
  const parts = /^outbound\|(\d+)\|\|(.+)$/.exec(asText(name) ?? '');
  const [, port, host] = parts ?? [];
  if (version !== 'V3' || !isPlain || host === undefined || authority !== host) return undefined;
  return { host, port: Number(port) };
}

function descriptorOf(limit: JsonValue): readonly DescriptorEntry[] | undefined {
  const { actions, ...others } = asObject(limit) ?? {};
  const entries = asArray(actions).map(entryOf);
  const known = entries.flatMap((entry) => (entry === undefined ? [] : [entry]));
  if (Object.keys(others).length > 0 || entries.length === 0 || known.length < entries.length) return undefined;
  return known;
}

function entryOf(action: JsonValue): DescriptorEntry | undefined {
  const [[kind, value] = [], ...more] = Object.entries(asObject(action) ?? {});
  if (kind === undefined || more.length > 0) return undefined;
  return readers[kind]?.(value);
}

const readers: Readonly<Record<string, (value: JsonValue | undefined) => DescriptorEntry | undefined>> = {
  generic_key: (value) => {
    const { descriptor_value: own, ...others } = asObject(value) ?? {};
    return typeof own === 'string' && isEmpty(others) ? { key: 'generic_key', value: own } : undefined;
  },
  header_value_match: (value) => {
    const match = readHeaderMatch(value);
    return match && { key: 'header_match', value: match.value, headers: match.headers };
  },
  request_headers: (value) => {
    const { header_name: name, descriptor_key: key, ...others } = asObject(value) ?? {};
    if (typeof key !== 'string' || typeof name !== 'string' || !isEmpty(others)) return undefined;
    return { key, value: undefined, of: 'header', headers: new Map([[name, undefined]]) };
  },
  remote_address: (value) =>
    isEmpty(asObject(value) ?? {}) ? { key: 'remote_address', value: undefined, of: 'address' } : undefined,
};

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}
