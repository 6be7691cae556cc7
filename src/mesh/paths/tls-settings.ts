import type { JsonObject, ManifestObject } from '../../parse/document.js';
import type { Cluster } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { asArray, asObject, asText, asTexts } from '../json.js';

/** What a DestinationRule says of how sidecars and gateways speak TLS to a host (§4.5, istio#53526). */
export interface TlsSetting {
  readonly namespace: string;
  readonly name: string;
  /** The full name of a service, or `*.suffix`. */
  readonly host: string;
  /** `UNSET` where the rule says nothing of TLS, `undefined` where it depends on a port or a subset. */
  readonly mode: string | undefined;
  readonly exported: 'everywhere' | 'at home' | 'somewhere';
  /** Whether it is for clients of certain labels alone. */
  readonly isForSome: boolean;
}

/** The DestinationRules that apply to the host of each Service, where one of them sets TLS. */
export function readTlsSettings(
  { routes, services }: Pick<Cluster, 'routes' | 'services'>,
  clusterDomain: string,
): ReadonlyMap<string, readonly TlsSetting[]> {
  const rules = routes.filter(({ kind }) => kind === 'DestinationRule').map((rule) => readSetting(rule, clusterDomain));
  const exact = groupBy(rules, ({ host }) => host);
  const wildcards = rules.filter(({ host }) => host.startsWith('*'));
  const applying = [...services.values()].map(({ host }) => {
    const wide = wildcards.filter((rule) => host.endsWith(rule.host.slice(1)));
    return [host, [...(exact.get(host) ?? []), ...wide]] as const;
  });
  return new Map(applying.filter(([, settings]) => settings.some(({ mode }) => mode !== 'UNSET')));
}

function readSetting({ namespace = 'default', name, value }: ManifestObject, clusterDomain: string): TlsSetting {
  const spec = asObject(value.spec) ?? {};
  const exportTo = asTexts(spec.exportTo);
  return {
    namespace,
    name,
    host: fullHost(asText(spec.host) ?? '', namespace, clusterDomain),
    mode: readMode(spec),
    exported:
      exportTo.length === 0 || exportTo.includes('*') ? 'everywhere' : isHome(exportTo) ? 'at home' : 'somewhere',
    isForSome: asObject(spec.workloadSelector) !== undefined,
  };
}

function isHome(exportTo: readonly string[]): boolean {
  return exportTo.length === 1 && exportTo[0] === '.';
}

function readMode(spec: JsonObject): string | undefined {
  const policy = asObject(spec.trafficPolicy) ?? {};
  const narrower = [
    ...asArray(policy.portLevelSettings),
    ...asArray(spec.subsets).map((subset) => asObject(subset)?.trafficPolicy),
  ];
  if (narrower.some((part) => asObject(part)?.tls !== undefined)) return undefined;
  return asText(asObject(policy.tls)?.mode) ?? 'UNSET';
}

/** A short host belongs to the rule's own namespace. */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespace}.svc.${clusterDomain}`;
}

/**
 * Those that a client obeys: from its own namespace, else from the service's, else from the root, as far as they are
 * exported; there the most specific host, which several rules can share (T-07). Of the root namespace's own clients
 * only what is not exported is looked up first.
 */
export function decisiveSettings(
  settings: readonly TlsSetting[],
  client: string | undefined,
  service: string,
  rootNamespace: string,
): readonly TlsSetting[] {
  const own = settings.filter(({ namespace }) => namespace === client);
  const exported = settings.filter((setting) => setting.exported !== 'at home');
  const steps = [
    client === rootNamespace ? own.filter((setting) => setting.exported === 'at home') : own,
    exported.filter(({ namespace }) => namespace === service),
    exported.filter(({ namespace }) => namespace === rootNamespace),
  ];
  const found = steps.find((step) => step.length > 0) ?? [];
  const narrowest = Math.max(...found.map(({ host }) => specificity(host)));
  return found.filter(({ host }) => specificity(host) === narrowest);
}

function specificity(host: string): number {
  return host.startsWith('*') ? host.length : Number.POSITIVE_INFINITY;
}
