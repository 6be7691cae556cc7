import { below, irrelevant, type Kind, modelled, said } from '../entry.js';

const where = 'installation';

const meshConfig: Kind = {
  name: 'MeshConfig',
  about: 'what holds for the whole mesh: in ConfigMap `istio`, or below `meshConfig` of an operator',
  entries: [
    modelled(
      ['rootNamespace', 'trustDomain', 'trustDomainAliases'],
      where,
      'whose policies reach everybody (§3.1), and whose certificates are accepted (§8.3)',
    ),
    modelled(
      ['enableAutoMtls', 'outboundTrafficPolicy'],
      [where, 'mesh/paths/client-proxy.ts', 'mesh/paths/outbound.ts'],
      'what sidecars speak of themselves, and what they do with hosts that nobody declared (§4.5)',
    ),
    modelled(
      ['defaultServiceExportTo', 'defaultVirtualServiceExportTo', 'defaultDestinationRuleExportTo'],
      [where, 'topology/default-exports.ts'],
      'who knows an object that does not say to whom it is exported (T-07)',
    ),
    modelled(
      ['pathNormalization'],
      [where, 'mesh/normalize-path.ts'],
      'how a path is rewritten before policies compare it (§8.1)',
    ),
    modelled(['discoverySelectors'], [where, 'topology/namespaces.ts'], 'which namespaces istiod watches'),
    modelled(
      ['extensionProviders'],
      [where, 'mesh/policies/enforcement.ts'],
      'which external authorizers there are, whom proxies ask, and whether by gRPC (§2.5, §7)',
    ),
    modelled(
      below('defaultConfig', 'gatewayTopology', 'proxyMetadata.ISTIO_META_ENABLE_HBONE'),
      where,
      'whose address gateways see, and whether sidecars listen on HBONE (E-24)',
    ),
    said(
      ['defaultConfig.*', 'configSources', 'caCertificates', 'serviceEntryVisibility', 'protocolDetectionTimeout'],
      ['AMB5353'],
      'what every sidecar and gateway takes and sends, where this changes what they read, trust or are told',
    ),
    irrelevant(
      [
        'accessLogEncoding',
        'accessLogFile',
        'accessLogFormat',
        'disableEnvoyListenerLog',
        'enableEnvoyAccessLogService',
        'enablePrometheusMerge',
        'enableTracing',
        'defaultProviders',
        'inboundClusterStatName',
        'outboundClusterStatName',
      ],
      'what is recorded',
    ),
    modelled(
      ['defaultHttpRetryPolicy', 'connectTimeout', 'tcpKeepalive', 'h2UpgradePolicy', 'localityLbSetting'],
      [where, 'mesh/routes/settings'],
      'how proxies send requests on where no route and no DestinationRule says it (T-35, T-43)',
    ),
    irrelevant(
      ['dnsRefreshRate', 'hboneIdleTimeout', 'inboundTrafficPolicy'],
      'how connections are kept, and which pod of a Service answers',
    ),
    irrelevant(
      ['ca', 'certificates', 'meshMTLS', 'tlsDefaults', 'verifyCertificateAtClient'],
      'who signs certificates, and with which ciphers and versions TLS is spoken',
    ),
    irrelevant(
      ['ingressClass', 'ingressControllerMode', 'ingressSelector', 'ingressService'],
      'which Ingresses gateways serve: every Service is asked about as though they led there',
    ),
    irrelevant(
      ['proxyHttpPort', 'proxyInboundListenPort', 'proxyListenPort'],
      'the ports at which redirected traffic is taken',
    ),
    irrelevant(
      ['serviceScopeConfigs', 'serviceSettings'],
      'which Services other clusters reach: traffic between clusters is decided only where it is certain',
    ),
  ],
};

/** Operators install what the ConfigMaps and Deployments of an installation would say. */
const operator = (name: string): Kind => ({
  name,
  about: 'what installs Istio',
  entries: [
    modelled(
      ['spec'],
      'installation/operators.ts',
      'release, revision, MeshConfig and flags of istiod, as these say them',
    ),
    irrelevant(['status'], 'what became of it'),
  ],
});

export const installation: readonly Kind[] = [
  meshConfig,
  {
    name: '/ConfigMap',
    about: 'what istiod, the injector and the CNI are told',
    entries: [
      modelled(
        ['data.mesh', 'data.EXCLUDE_NAMESPACES'],
        ['installation/config-maps.ts', 'installation/cni.ts'],
        'the MeshConfig (ConfigMap `istio`), and the namespaces that the CNI leaves out (`istio-cni-config`)',
      ),
      said(
        ['data.values', 'data.config'],
        ['AMB5353'],
        'what every sidecar takes and sends, where the injector (`istio-sidecar-injector`) is told of ports, addresses, selectors or templates',
      ),
      irrelevant(
        ['data.meshNetworks'],
        'how networks reach each other: traffic between clusters is decided only where it is certain',
      ),
      irrelevant(
        ['data.*', 'binaryData', 'immutable'],
        'nothing that Istio reads; limits for a rate limit service are read where settings ask it (F-64)',
      ),
    ],
  },
  operator('install.istio.io/IstioOperator'),
  operator('sailoperator.io/Istio'),
  operator('sailoperator.io/IstioRevision'),
  operator('sailoperator.io/IstioCNI'),
];
