import type { JsonObject, ManifestObject } from '../parse/document.js';
import { asArray, asObject, asText } from './json.js';

/** That a DestinationRule sets how sidecars and gateways speak TLS to a host (§4.5, istio#53526). */
export interface TlsSetting {
  readonly namespace: string;
  readonly name: string;
  /** `undefined` when it depends on a port or a subset. */
  readonly mode: string | undefined;
}

/** The DestinationRules that mention TLS, by the full name of their host. */
export function readTlsSettings(
  routes: readonly ManifestObject[],
  clusterDomain: string,
): ReadonlyMap<string, readonly TlsSetting[]> {
  const settings = new Map<string, TlsSetting[]>();
  for (const rule of routes.filter(({ kind }) => kind === 'DestinationRule')) {
    const spec = asObject(rule.value.spec) ?? {};
    const setting = readSetting(rule, spec);
    if (setting === undefined) continue;
    const host = fullHost(asText(spec.host) ?? '', setting.namespace, clusterDomain);
    settings.set(host, [...(settings.get(host) ?? []), setting]);
  }
  return settings;
}

function readSetting({ namespace = 'default', name }: ManifestObject, spec: JsonObject): TlsSetting | undefined {
  const policy = asObject(spec.trafficPolicy) ?? {};
  const narrower = [
    ...asArray(policy.portLevelSettings),
    ...asArray(spec.subsets).map((subset) => asObject(subset)?.trafficPolicy),
  ];
  if (narrower.some((part) => asObject(part)?.tls !== undefined)) return { namespace, name, mode: undefined };
  const tls = asObject(policy.tls);
  return tls === undefined ? undefined : { namespace, name, mode: asText(tls.mode) };
}

/** A short host belongs to the rule's own namespace. */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespace}.svc.${clusterDomain}`;
}
