import type { JsonObject } from '../../parse/document.js';
import type { ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import { headerMatchers } from './limit-match.js';

/** Every request takes a token, or each one that a descriptor of its own is made for. */
export function localFilter({ origin, requests, milliseconds, match }: ResolvedRateLimit): JsonObject {
  const name = origin.id.slice(origin.id.indexOf('/') + 1);
  const fill = { max_tokens: requests, tokens_per_fill: requests, fill_interval: `${milliseconds / 1000}s` };
  const always = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
  return {
    name: 'envoy.filters.http.local_ratelimit',
    typed_config: {
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
    },
  };
}
