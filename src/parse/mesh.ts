import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Document, JsonObject, JsonValue, ManifestObject, Path } from './document.js';
import type { TokenIssuer } from './tokens/token-issuer.js';

/** What the `Mesh` document says, defaults filled in: the facts that no manifest carries. */
export interface MeshSettings {
  readonly name: string;
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly trustDomain: string;
  readonly clusters: readonly ClusterSettings[];
  readonly callers: readonly OutsideCaller[];
  /** In the order of their names. */
  readonly tokenIssuers: readonly TokenIssuer[];
  /** In the order of their names. */
  readonly rateLimitServices: readonly RateLimitService[];
  /** Methods that applications use beside those that are registered. */
  readonly customMethods: readonly string[];
  readonly span: Span | null;
  /** The document itself, for the places of what it says; absent where there is none. */
  readonly document?: Document;
}

/** A Service that counts requests for many proxies together, by Envoy’s own protocol. */
export interface RateLimitService {
  readonly name: string;
  /** `namespace/name` */
  readonly service: string;
  readonly port: string | number;
  /** Under which it keeps its limits apart from those of others. */
  readonly domain: string;
  /** How long a proxy waits for an answer; `undefined`: as long as Envoy does by itself. */
  readonly timeout: string | undefined;
  /** What becomes of a request where no answer comes. */
  readonly onFailure: 'Allow' | 'Refuse';
  readonly span: Span;
}

export interface ClusterSettings {
  readonly name: string;
  readonly network: string;
  /** At which addresses other clusters reach it; none where nothing in it is called from there. Absent: nobody says. */
  readonly ipBlocks?: readonly string[];
  readonly trustDomain: string;
  /** Further trust domains that Envoy proxies accept as their own; ztunnel does not (istio-security §8.3). */
  readonly trustDomainAliases: readonly string[];
  readonly istio: IstioSettings;
  readonly gatewayApi: { readonly channel: 'standard' | 'experimental' };
  readonly gateways: readonly GatewaySettings[];
  /** Files and directories, relative to the file of the `Mesh` document. */
  readonly manifests: ReadonlyArray<Located<string>>;
  readonly span: Span | null;
}

export interface IstioSettings {
  readonly version: IstioVersion;
  /** The control plane revision that this mesh's proxies belong to; `default` where none is named. */
  readonly revision: string;
  /** Other names under which it injects, where no webhook among the manifests tells. */
  readonly tags: readonly string[];
  /** Control planes of other revisions in the cluster. */
  readonly otherRevisions: readonly OtherRevision[];
  /** Feature flags of istiod that differ from their default, by environment name. */
  readonly flags: Readonly<Record<string, boolean>>;
  /** Whether ambient is installed: istiod speaks to ztunnel, and the CNI captures pods for it. */
  readonly ambient: boolean;
  /** Whether sidecars were (re)started with HBONE listening on (istio-traffic-topology E-24). */
  readonly sidecarsListenHbone: boolean;
  /** Namespaces that the CNI never enrols (istio-traffic-topology E-06). */
  readonly excludeNamespaces: readonly string[];
  /** The external authorizers of its MeshConfig; absent where nothing is known of them. */
  readonly extensionProviders?: readonly ExtensionProvider[];
  /** Whether there are no others: a second ConfigMap may add some to those that manifests hold. */
  readonly knowsAllProviders: boolean;
  /** Whether sidecars speak mutual TLS of themselves where no DestinationRule tells them to (§5.6). */
  readonly enableAutoMtls: boolean;
  /** How a path is rewritten before policies compare it (istio-security §8.1). */
  readonly pathNormalization: PathNormalization;
  /** What sidecars do with traffic to hosts that nobody has declared. */
  readonly outboundTrafficPolicy: OutboundTrafficPolicy;
  /** Which namespaces istiod watches, each selector on its own; none: all of them. */
  readonly discoverySelectors: readonly LabelSelector[];
  /** To whom a Service, VirtualService or DestinationRule is exported that does not say; none: to all. */
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  /** What stands before every gateway that says nothing else of itself. */
  readonly gatewayTopology: GatewayTopology;
  /** What manifests of the installation say and is read no further; absent where there is nothing of it. */
  readonly open?: readonly OpenInstallation[];
  /** What manifests of the installation say of how proxies send on; absent where they say nothing. */
  readonly trafficDefaults?: readonly TrafficDefault[];
  /** The extension providers of the MeshConfig, as manifests have them; absent where none is among them. */
  readonly recorders?: readonly Recorder[];
  /** The hosts that proxies ask for these, as `host` or `namespace/host`; absent where there are none. */
  readonly providerHosts?: readonly string[];
}

/** An extension provider by the field of a MeshConfig that says what it is; without one nobody knows what it takes. */
export interface Recorder {
  readonly name: string;
  readonly kind: string | undefined;
}

/** Fields of a MeshConfig by which proxies send requests on where no route and no DestinationRule says otherwise. */
export const trafficDefaultFields = [
  'defaultHttpRetryPolicy',
  'connectTimeout',
  'tcpKeepalive',
  'h2UpgradePolicy',
  'localityLbSetting',
] as const;

/** One of them, as it is written. */
export interface TrafficDefault {
  readonly field: (typeof trafficDefaultFields)[number];
  readonly object: ManifestObject;
  readonly path: Path;
  readonly value: JsonValue;
}

/** Something that an installation of Istio says for all its proxies and that is read no further. */
export interface OpenInstallation {
  readonly object: ManifestObject;
  readonly path: Path;
  readonly what: string;
  /** Whether gateways are meant too. */
  readonly of: 'sidecars' | 'proxies';
}

/** A control plane beside the one that the settings of a cluster are about. */
export interface OtherRevision {
  readonly name: string;
  /** What it says of what decides about requests, by setting. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Those of them that are others there. */
  readonly differences: readonly string[];
  /** How its proxies send requests on where nothing else says it; absent where no manifest tells. */
  readonly trafficDefaults?: readonly TrafficDefault[];
}

/** What stands before a gateway: it decides whose address a request comes from. A field is absent where nobody says. */
export interface GatewayTopology {
  /** How many proxies add an address to `X-Forwarded-For`; with 0 the client is whoever opens the connection. */
  readonly numTrustedProxies?: number;
  /** Whether connections begin with the PROXY protocol, which tells the client's address. */
  readonly proxyProtocol?: boolean;
}

export interface GatewaySettings {
  /** `namespace/name` */
  readonly name: Located<string>;
  readonly topology: GatewayTopology;
}

export const pathNormalizations = ['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'] as const;
export type PathNormalization = (typeof pathNormalizations)[number];

export const outboundTrafficPolicies = ['ALLOW_ANY', 'REGISTRY_ONLY', 'ALLOW_ANY_DYNAMIC_DNS'] as const;
export type OutboundTrafficPolicy = (typeof outboundTrafficPolicies)[number];

/** As Kubernetes has it: every pair and every expression must hold. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: ReadonlyArray<{
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }>;
}

/** An external authorizer, as far as anybody says what it is (istio-security §7). */
export interface ExtensionProvider {
  readonly name: string;
  readonly failOpen: boolean;
  readonly statusOnError: number;
  /** The headers that it may write into a request that it lets pass; absent where nobody says. */
  readonly headersToUpstreamOnAllow?: readonly string[];
  /** Whom proxies ask, and how; absent where nobody says. */
  readonly asked?: AskedProvider;
  /** What decides about no request: the fields of the MeshConfig, as protobuf writes them; absent where nobody says. */
  readonly settings?: JsonObject;
  /** Where the Mesh document declares it; absent where a manifest does. */
  readonly span?: Span;
}

export interface AskedProvider {
  /** Only what speaks gRPC can be asked about connections (istio-security §2.5). */
  readonly kind: 'http' | 'grpc';
  readonly service: ProviderService;
  readonly port: number;
}

/** A Service by its `namespace/name`, or a host as the MeshConfig has it: `host` or `namespace/host`. */
export type ProviderService = { readonly name: string } | { readonly host: string };

export const istioVersions = ['1.28', '1.29', '1.30', '1.31'] as const;
export type IstioVersion = (typeof istioVersions)[number];

/** Somebody who calls into the mesh and is in no manifest. */
export interface OutsideCaller {
  readonly name: string;
  readonly plaintext: boolean;
  readonly ipBlocks: readonly string[];
  readonly span: Span | null;
}
