/** The `when` keys that Istio knows (istio-security §1.6). */
const plainKeys = new Set([
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
]);
const bracketedKeys = [
  /^request\.headers\[[^[\]]+\]$/,
  /^request\.auth\.claims(\[[^[\]]+\])+$/,
  /^experimental\.envoy\.filters\.[^[\]]+\[.+\]$/,
];

/** The keys that say who calls: CUSTOM policies may not ask (istio-security §1.7). */
export const identityConditions = /^(source\.(namespace|serviceAccount|principal|trustDomain)|request\.auth\..*)$/;

/** What is wrong with the key of a condition, or `undefined`. */
export function conditionKeyFault(key: string): string | undefined {
  const known = plainKeys.has(key) || bracketedKeys.some((pattern) => pattern.test(key));
  return known ? undefined : 'is not a known attribute';
}
