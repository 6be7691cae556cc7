import type { JsonObject } from '../../parse/document.js';
import type { Affinity, Algorithm, EndpointSettings, Locality } from '../../parse/traffic/endpoints.js';
import { defined } from './defined.js';

const algorithms: Readonly<Record<Algorithm, string>> = {
  LeastRequest: 'LEAST_REQUEST',
  RoundRobin: 'ROUND_ROBIN',
  Random: 'RANDOM',
  PassThrough: 'PASSTHROUGH',
};

/** How a pod is chosen; `undefined` where nothing is said of it, or by the Service alone. */
export function loadBalancer({ balance, affinity, locality }: EndpointSettings): JsonObject | undefined {
  const setting = locality && localitySetting(locality);
  const fields = defined({
    simple: balance && algorithms[balance.algorithm?.value ?? 'LeastRequest'],
    consistentHash: affinity && consistentHash(affinity),
    warmup: balance?.warmup && { duration: balance.warmup.value },
    localityLbSetting: setting,
  });
  return Object.keys(fields).length > 0 ? fields : undefined;
}

function consistentHash({ by }: Affinity): JsonObject {
  switch (by.kind) {
    case 'header':
      return { httpHeaderName: by.name };
    case 'query':
      return { httpQueryParameterName: by.name };
    case 'sourceIP':
      return { useSourceIp: true };
    case 'cookie':
      return { httpCookie: defined({ name: by.name, path: by.path, ttl: by.ttl }) };
  }
}

/** What the Service itself says of near pods stands in its annotation. */
function localitySetting(locality: Locality): JsonObject | undefined {
  switch (locality.kind) {
    case 'prefer':
      return undefined;
    case 'disabled':
      return { enabled: false };
    case 'failover':
      return { enabled: true, failover: locality.pairs.map(({ from, to }) => ({ from: from.value, to: to.value })) };
    case 'failoverBy':
      return { enabled: true, failoverPriority: [...locality.labels] };
    case 'distribute':
      return { enabled: true, distribute: locality.shares.map(({ from, to }) => ({ from: from.value, to })) };
  }
}
