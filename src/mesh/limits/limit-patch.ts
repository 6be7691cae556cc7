import type { JsonValue, ManifestObject } from '../../parse/document.js';
import { extentOf } from '../doubts/extensions.js';
import { asArray, asObject } from '../json.js';
import type { Scope } from '../policies/policy.js';
import { type LocalLimit, readLocalLimit } from './local-limit.js';
import { readSharedFilter, type SharedFilter } from './shared-filter.js';

/** A patch of an EnvoyFilter by which requests are counted in some filter chains, in the shapes that are read. */
export interface LimitPatch {
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly scope: Scope;
  readonly chain: LimitedChain;
  readonly counts: Counts;
}

/** A proxy counts by itself, or asks a service that counts for many. */
export type Counts =
  | { readonly kind: 'local'; readonly limit: LocalLimit }
  | { readonly kind: 'shared'; readonly filter: SharedFilter };

/** Of a sidecar by the pods’ port, of a waypoint by its name, and of a gateway by the port of its listener. */
export type LimitedChain = { readonly port: number } | { readonly name: string } | { readonly listener: number };

/** What is read of the limits in an EnvoyFilter; a patch that counts in another way leaves the whole object unread. */
export function readLimitPatches(object: ManifestObject): readonly LimitPatch[] | undefined {
  const { namespace, scope } = extentOf(object, 'workloadSelector', 'labels');
  const patches = asArray(asObject(object.value.spec)?.configPatches).filter(isAboutLimits);
  const read = patches.map((patch) => {
    const { applyTo, match, patch: change } = asObject(patch) ?? {};
    const chain = applyTo === 'HTTP_FILTER' ? chainOf(match) : undefined;
    const counts = countsOf(change);
    return chain && counts && { object, namespace, scope, chain, counts };
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

function countsOf(change: JsonValue | undefined): Counts | undefined {
  const { operation, value } = asObject(change) ?? {};
  const { name, typed_config: config, ...others } = asObject(value) ?? {};
  const read = asObject(config);
  if (operation !== 'INSERT_BEFORE' || typeof name !== 'string' || read === undefined) return undefined;
  if (Object.keys(others).length > 0) return undefined;
  const limit = readLocalLimit(read);
  if (limit !== undefined) return { kind: 'local', limit };
  const filter = readSharedFilter(read);
  return filter && { kind: 'shared', filter };
}
