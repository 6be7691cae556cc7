import type { LimitedChain, PlacedRateLimits } from '../../ir/placed-limits.js';
import type { JsonObject } from '../../parse/document.js';
import type { ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import { attachment } from '../attachment.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance, ruleComment } from '../provenance.js';
import { headerMatchers } from './limit-match.js';

/** Limits as filters of Envoy’s, each of its own, in front of what routes the request. */
export function envoyFilter(placed: PlacedRateLimits, provenance: Provenance): Manifest {
  const { cluster, namespace, name, chains, limits, purpose, origin } = placed;
  const origins = [origin, ...limits.map((limit) => limit.origin)];
  const patches = limits.flatMap((limit) => chains.map((chain) => ({ limit, chain })));
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name, namespace, ...extensionMetadata(purpose, origins) },
      spec: {
        ...selected(placed),
        configPatches: patches.map(({ limit, chain }) => patch(limit, chain)),
      },
    },
    header: [...objectComment(purpose, [origin], provenance), ...(provenance === 'none' ? [] : [warning])],
    comments: patches.map(({ limit }, index) => ({
      path: ['spec', 'configPatches', index],
      lines: ruleComment([limit.origin], [], provenance),
    })),
    realises: origins.map(({ id }) => id),
  };
}

const warning = 'an extension of Envoy’s, which a later release of Istio may take otherwise: try it before an upgrade';

function extensionMetadata(purpose: string, origins: Parameters<typeof ownMetadata>[1]) {
  const { labels, annotations } = ownMetadata(purpose, origins);
  return { labels, annotations: { ...annotations, 'ambit.dev/extension': 'true' } };
}

function selected({ attachment: attached }: PlacedRateLimits): JsonObject {
  return attached.kind === 'selector' ? { workloadSelector: { labels: attached.labels } } : attachment(attached);
}

function patch(limit: ResolvedRateLimit, chain: LimitedChain): JsonObject {
  return {
    applyTo: 'HTTP_FILTER',
    match: 'portNumber' in chain ? beforeRouter('GATEWAY', chain, {}) : beforeRouter('SIDECAR_INBOUND', {}, chain),
    patch: {
      operation: 'INSERT_BEFORE',
      value: { name: 'envoy.filters.http.local_ratelimit', typed_config: filter(limit) },
    },
  };
}

function beforeRouter(context: string, listener: JsonObject, filterChain: JsonObject): JsonObject {
  const filter = {
    name: 'envoy.filters.network.http_connection_manager',
    subFilter: { name: 'envoy.filters.http.router' },
  };
  return { context, listener: { ...listener, filterChain: { ...filterChain, filter } } };
}

/** Every request takes a token, or each one that a descriptor of its own is made for. */
function filter({ origin, requests, milliseconds, match }: ResolvedRateLimit): JsonObject {
  const name = origin.id.slice(origin.id.indexOf('/') + 1);
  const fill = { max_tokens: requests, tokens_per_fill: requests, fill_interval: `${milliseconds / 1000}s` };
  const always = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
    stat_prefix: name,
    filter_enabled: always,
    filter_enforced: always,
    ...(match
      ? {
          descriptors: [{ entries: [{ key: 'header_match', value: name }], token_bucket: fill }],
          rate_limits: [
            { actions: [{ header_value_match: { descriptor_value: name, headers: headerMatchers(match) } }] },
          ],
        }
      : { token_bucket: fill }),
  };
}
