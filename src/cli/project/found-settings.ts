import { voiceOfDocument } from '../../installation/mesh-document.js';
import { settleCluster } from '../../installation/settle-cluster.js';
import type { ManifestObject } from '../../parse/document.js';
import type { ClusterSettings, IstioSettings, LabelSelector } from '../../parse/mesh.js';
import { istioSettings } from '../../parse/parse-istio.js';
import { defaultMesh } from '../../parse/parse-mesh.js';
import { sortBy } from '../../util/order.js';

/** What the manifests of a cluster say of Istio, as far as it differs from Istio's defaults: as a Mesh document says it. */
export interface FoundSettings {
  /** Of `spec`, for the whole mesh. */
  readonly mesh: Readonly<Record<string, unknown>>;
  /** Of `istio` of the cluster; its release only if it is said. */
  readonly istio: Readonly<Record<string, unknown>>;
  /** The external authorizers that were found, which need not be all of them. */
  readonly providers: readonly string[];
}

/** `undefined` where no manifest speaks of it. What is wrong with one is for the first compilation to say. */
export function findSettings(objects: readonly ManifestObject[]): FoundSettings | undefined {
  const [cluster] = defaultMesh.clusters;
  const settled =
    cluster && settleCluster(defaultMesh, cluster, voiceOfDocument(defaultMesh, cluster), objects, () => {});
  if (settled === undefined) return undefined;
  const { settings, rootNamespace, clusterDomain, version } = settled;
  return {
    mesh: differing(
      { ...trustDomains(settings), rootNamespace: rootNamespace?.value, clusterDomain: clusterDomain?.value },
      { ...defaultMesh, trustDomainAliases: [] },
    ),
    istio: { ...(version !== undefined && { version: settings.istio.version }), ...written(settings.istio) },
    providers: (settings.istio.extensionProviders ?? []).map(({ name }) => name),
  };
}

function trustDomains({ trustDomain, trustDomainAliases }: ClusterSettings) {
  return { trustDomain, trustDomainAliases };
}

/** What only manifests say: the Mesh document has no word for it. */
const ofManifests = ['recorders', 'providerHosts', 'open', 'trafficDefaults'] as const;

function written(istio: IstioSettings): Readonly<Record<string, unknown>> {
  const { gatewayTopology, discoverySelectors, pathNormalization, outboundTrafficPolicy, flags } = istio;
  const { version, extensionProviders, knowsAllProviders, tags, otherRevisions, ...sayable } = istio;
  // What only manifests say: no Mesh document has a word for it.
  const { open, trafficDefaults, recorders, providerHosts, ...simple } = sayable;
  const defaults = istioSettings(undefined);
  const { numTrustedProxies = 0, proxyProtocol = false } = gatewayTopology;
  const sortedFlags = Object.fromEntries(sortBy(Object.entries(flags), ([name]) => name));
  const unsaid = Object.fromEntries(ofManifests.map((field) => [field, undefined]));
  const differences = differing({ ...simple, ...unsaid, flags: sortedFlags }, { ...defaults });
  return {
    ...differences,
    ...(differences.pathNormalization !== undefined && { pathNormalization: { normalization: pathNormalization } }),
    ...(differences.outboundTrafficPolicy !== undefined && { outboundTrafficPolicy: { mode: outboundTrafficPolicy } }),
    ...(discoverySelectors.length > 0 && { discoverySelectors: discoverySelectors.map(writtenSelector) }),
    gatewayTopology: numTrustedProxies > 0 || proxyProtocol ? gatewayTopology : undefined,
  };
}

function writtenSelector({ matchLabels, matchExpressions }: LabelSelector) {
  const expressions = matchExpressions.map(({ values, ...each }) => ({
    ...each,
    ...(values.length > 0 && { values }),
  }));
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  };
}

function differing(
  found: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isOther = ([name, value]: readonly [string, unknown]) =>
    value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[name]);
  return Object.fromEntries(Object.entries(found).filter(isOther));
}
