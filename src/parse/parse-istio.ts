import type { Cursor } from './cursor.js';
import type {
  GatewayTopology,
  IstioSettings,
  IstioVersion,
  LabelSelector,
  OutboundTrafficPolicy,
  PathNormalization,
} from './mesh.js';
import { readProvider } from './parse-extension-provider.js';

/** The release of Istio that is assumed where a cluster names none. */
export const defaultVersion: IstioVersion = '1.29';

/** With Istio's own defaults where nothing is written. */
export function istioSettings(istio: Cursor | undefined): IstioSettings {
  const extensionProviders = istio?.optional('extensionProviders', (list) => list.items().map(readProvider));
  return {
    version: (textIn(istio, 'version') as IstioVersion | undefined) ?? defaultVersion,
    revision: textIn(istio, 'revision') ?? 'default',
    tags: [],
    otherRevisions: [],
    flags: (istio?.optional('flags', (node) => node.value) as Readonly<Record<string, boolean>>) ?? {},
    ambient: istio?.optional('ambient', (node) => node.value === true) ?? true,
    sidecarsListenHbone: istio?.optional('sidecarsListenHbone', (node) => node.value === true) ?? false,
    excludeNamespaces: listIn(istio, 'excludeNamespaces') ?? ['kube-system'],
    ...(extensionProviders !== undefined && { extensionProviders }),
    knowsAllProviders:
      extensionProviders !== undefined || istio?.optional('wholeMeshConfig', (node) => node.value === true) === true,
    enableAutoMtls: istio?.optional('enableAutoMtls', (node) => node.value === true) ?? true,
    pathNormalization:
      istio?.optional('pathNormalization', (node) => node.field('normalization').value as PathNormalization) ?? 'BASE',
    outboundTrafficPolicy:
      istio?.optional('outboundTrafficPolicy', (node) => node.field('mode').value as OutboundTrafficPolicy) ??
      'ALLOW_ANY',
    discoverySelectors: istio?.optional('discoverySelectors', (list) => list.items().map(readSelector)) ?? [],
    defaultServiceExportTo: listIn(istio, 'defaultServiceExportTo') ?? [],
    defaultVirtualServiceExportTo: listIn(istio, 'defaultVirtualServiceExportTo') ?? [],
    defaultDestinationRuleExportTo: listIn(istio, 'defaultDestinationRuleExportTo') ?? [],
    gatewayTopology: istio?.optional('gatewayTopology', readGatewayTopology) ?? {},
  };
}

function readSelector(selector: Cursor): LabelSelector {
  const { matchLabels = {}, matchExpressions = [] } = selector.value as Partial<LabelSelector>;
  return { matchLabels, matchExpressions: matchExpressions.map((each) => ({ ...each, values: each.values ?? [] })) };
}

export function readGatewayTopology(node: Cursor): GatewayTopology {
  const { numTrustedProxies, proxyProtocol } = node.value as GatewayTopology;
  return {
    ...(numTrustedProxies !== undefined && { numTrustedProxies }),
    ...(proxyProtocol !== undefined && { proxyProtocol }),
  };
}

export function textIn(node: Cursor | undefined, field: string): string | undefined {
  return node?.optional(field, (value) => value.text().value);
}

export function listIn(node: Cursor | undefined, field: string): readonly string[] | undefined {
  return node?.optional(field, (list) => list.items().map((item) => item.text().value));
}
