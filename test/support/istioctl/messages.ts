/** One message of `istioctl analyze`, and what Ambit says instead. */
export interface AnalyzerMessage {
  readonly code: string;
  readonly name: string;
  /** `gives`: it finds the same; `betters`: it finds what goes wrong, and not what only may. */
  readonly ambit: 'gives' | 'betters' | 'leaves out';
  /** The codes under which it is reported. */
  readonly codes: readonly string[];
  readonly note: string;
}

const installation = 'about the installation of Istio, and not about what a mesh does with requests';

export const analyzerMessages: readonly AnalyzerMessage[] = [
  out('IST0001', 'InternalError', 'about the analyzer itself'),
  gives(
    'IST0002',
    'Deprecated',
    ['AMB5417', 'AMB2538', 'AMB5390'],
    'fields that are gone are refused, or dropped by the API server; `egressProxy`, which it calls ignored, is read by istiod and followed',
  ),
  gives(
    'IST0101',
    'ReferencedResourceNotFound',
    ['AMB5392', 'AMB5394', 'AMB5396', 'AMB5403', 'AMB5435', 'AMB5407', 'AMB5409', 'AMB5390', 'AMB5328', 'AMB5334'],
    'gateways, hosts, ports, versions, selectors, certificates and callers, each with what becomes of a request',
  ),
  out('IST0102', 'NamespaceNotInjected', 'outside the mesh is no fault; a policy for pods there is one (AMB5327)'),
  gives('IST0103', 'PodMissingProxy', ['AMB2529'], 'for running pods whose template would be injected'),
  gives(
    'IST0106',
    'SchemaValidationError',
    ['AMB5390', 'AMB5001', 'AMB2501', 'AMB2538'],
    'the rules of Istio’s webhook, with the field and the law',
  ),
  out(
    'IST0107',
    'MisplacedAnnotation',
    'annotations that decide who gets in are read where Istio reads them; labels written as annotations are AMB2509, injection by annotation is AMB2524',
  ),
  out('IST0108', 'UnknownAnnotation', 'likewise'),
  betters(
    'IST0109',
    'ConflictingMeshGatewayVirtualServiceHosts',
    ['AMB5399', 'AMB5400'],
    'a route that is exported to some comes first for them, and is told as a remark; a VirtualService beside an HTTPRoute is found too',
  ),
  gives('IST0110', 'ConflictingSidecarWorkloadSelectors', ['AMB5408'], ''),
  gives('IST0111', 'MultipleSidecarsWithoutWorkloadSelectors', ['AMB5408'], ''),
  betters(
    'IST0112',
    'VirtualServiceDestinationPortSelectorRequired',
    ['AMB5394', 'AMB5395', 'AMB5396'],
    'only where requests come on a port that the destination lacks: without a port it is called on theirs',
  ),
  betters(
    'IST0116',
    'DeploymentAssociatedToMultipleServices',
    ['AMB5415'],
    'for pods with a sidecar, where one Service says requests and the other bytes',
  ),
  betters(
    'IST0118',
    'PortNameIsNotUnderNamingConvention',
    ['AMB2517'],
    'a protocol that is not declared is detected; it is said where a waypoint must guess',
  ),
  betters(
    'IST0123',
    'NamespaceMultipleInjectionLabels',
    ['AMB2504', 'AMB2534', 'AMB2521', 'AMB2522'],
    'what the labels come to, and where they contradict each other',
  ),
  out('IST0125', 'InvalidAnnotation', 'likewise'),
  out('IST0126', 'UnknownMeshNetworksServiceRegistry', 'MeshNetworks are not read'),
  betters('IST0127', 'NoMatchingWorkloadsFound', ['AMB5328'], 'with a request to the pods that are probably meant'),
  out(
    'IST0128',
    'NoServerCertificateVerificationDestinationLevel',
    'without `caCertificates` Istio verifies by the certificates of the system, as AMB3047 says of settings',
  ),
  out('IST0129', 'NoServerCertificateVerificationPortLevel', 'likewise'),
  betters(
    'IST0130',
    'VirtualServiceUnreachableRule',
    ['AMB5401'],
    'also where an earlier rule takes more than the same',
  ),
  gives('IST0131', 'VirtualServiceIneffectiveMatch', ['AMB5402', 'AMB5401'], ''),
  betters(
    'IST0132',
    'VirtualServiceHostNotFoundInGateway',
    ['AMB5393', 'AMB5392'],
    'and for routes of the Gateway API, with their listeners and namespaces',
  ),
  out('IST0133', 'SchemaWarning', 'what warns of requests that go elsewhere has a finding of its own'),
  betters(
    'IST0134',
    'ServiceEntryAddressesRequired',
    ['AMB5410'],
    'silent in ambient, where every entry has an address',
  ),
  out('IST0135', 'DeprecatedAnnotation', 'likewise'),
  out('IST0136', 'AlphaAnnotation', 'how mature a feature is says nothing of what it does'),
  out(
    'IST0137',
    'DeploymentConflictingPorts',
    'proxies go by the ports of pods: that Services give one several numbers changes nothing',
  ),
  gives('IST0138', 'GatewayDuplicateCertificate', ['AMB5406'], ''),
  out('IST0139', 'InvalidWebhook', 'who is injected is judged by the webhooks that are given'),
  betters(
    'IST0140',
    'IngressRouteRulesNotAffected',
    ['AMB5414'],
    'also where the route of the mesh leads to another host or aborts; silent where the gateway comes through a waypoint',
  ),
  out('IST0141', 'InsufficientPermissions', installation),
  out('IST0142', 'UnsupportedKubernetesVersion', installation),
  out('IST0143', 'LocalhostListener', 'manifests do not tell on which address a process listens'),
  betters('IST0144', 'InvalidApplicationUID', ['AMB5353'], 'what such a process sends goes past its sidecar'),
  gives(
    'IST0145',
    'ConflictingGateways',
    ['AMB5405'],
    'and not where servers of plain HTTP share a host, which Istio merges',
  ),
  out('IST0146', 'ImageAutoWithoutInjectionWarning', 'such a pod does not start: nobody gets past it'),
  out('IST0147', 'ImageAutoWithoutInjectionError', 'likewise'),
  out('IST0148', 'NamespaceInjectionEnabledByDefault', 'no fault'),
  gives('IST0149', 'JwtClaimBasedRoutingWithoutRequestAuthN', ['AMB5412'], ''),
  out(
    'IST0150',
    'ExternalNameServiceTypeInvalidPortName',
    'Istio takes an ExternalName for another name, and listens on no port for it',
  ),
  out('IST0151', 'EnvoyFilterUsesRelativeOperation', 'whatever an EnvoyFilter does is a doubt (AMB5353)'),
  out('IST0152', 'EnvoyFilterUsesReplaceOperationIncorrectly', 'likewise'),
  out('IST0153', 'EnvoyFilterUsesAddOperationIncorrectly', 'likewise'),
  out('IST0154', 'EnvoyFilterUsesRemoveOperationIncorrectly', 'likewise'),
  out('IST0155', 'EnvoyFilterUsesRelativeOperationWithProxyVersion', 'likewise'),
  out('IST0156', 'UnsupportedGatewayAPIVersion', installation),
  out('IST0157', 'InvalidTelemetryProvider', 'Telemetry records, and lets nobody in'),
  out('IST0158', 'PodsIstioProxyImageMismatchInNamespace', installation),
  out('IST0159', 'ConflictingTelemetryWorkloadSelectors', 'likewise'),
  out('IST0160', 'MultipleTelemetriesWithoutWorkloadSelectors', 'likewise'),
  gives(
    'IST0161',
    'InvalidGatewayCredential',
    ['AMB5407'],
    'a certificate that is there and has expired is not looked at: Ambit has no clock',
  ),
  gives('IST0162', 'GatewayPortNotDefinedOnService', ['AMB5404'], ''),
  out('IST0163', 'InvalidExternalControlPlaneConfig', installation),
  out('IST0164', 'ExternalControlPlaneAddressIsNotAHostname', installation),
  gives('IST0165', 'ReferencedInternalGateway', ['AMB5392', 'AMB5390'], ''),
  out(
    'IST0166',
    'IneffectiveSelector',
    'selectors do reach the pods of Gateways, unless a flag forbids it; the model goes by the flag',
  ),
  betters(
    'IST0167',
    'IneffectivePolicy',
    ['AMB5409'],
    'for Sidecars; policies that nobody enforces are AMB5301 to AMB5328',
  ),
  out('IST0168', 'UnknownUpgradeCompatibility', installation),
  out('IST0169', 'UpdateIncompatibility', installation),
  out('IST0170', 'MultiClusterInconsistentService', 'traffic between clusters is not looked at yet'),
  betters('IST0171', 'NegativeConditionStatus', ['AMB5416'], 'and conditions that are bad where they are true'),
  out('IST0172', 'FutureUnsupportedGatewayAPIVersion', installation),
  betters(
    'IST0173',
    'DestinationRuleSubsetNotSelectPods',
    ['AMB5397', 'AMB2520'],
    'where a route leads to the version, or no pod can ever have its labels; a Service without any pods has a finding of its own',
  ),
  gives('IST0174', 'UnknownDestinationRuleHost', ['AMB5398'], ''),
  out('IST0175', 'JwksUriFetchUnrestricted', installation),
];

function out(code: string, name: string, note: string): AnalyzerMessage {
  return { code, name, ambit: 'leaves out', codes: [], note };
}

function gives(code: string, name: string, codes: readonly string[], note: string): AnalyzerMessage {
  return { code, name, ambit: 'gives', codes, note };
}

function betters(code: string, name: string, codes: readonly string[], note: string): AnalyzerMessage {
  return { code, name, ambit: 'betters', codes, note };
}
