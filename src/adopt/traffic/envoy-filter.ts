import type { PartsOf } from './parts.js';

/** A patch of what istiod tells proxies stays: what it does is not compared, and so not proved. */
export const partsOfEnvoyFilter: PartsOf = ({ value }) => ({
  because: limiting.test(JSON.stringify(value.spec ?? ''))
    ? 'it limits requests by a filter of Envoy: `limits` may say the same, and nothing proves that they do'
    : 'it changes what istiod tells proxies, and nothing proves that intents do the same',
});

/** The filters of Envoy that count requests, alone and by a service. */
const limiting = /envoy\.(extensions\.)?filters\.http\.(local_)?rate_?limit/;
