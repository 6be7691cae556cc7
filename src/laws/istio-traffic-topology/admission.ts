import { everyVersion, gatewayApi, istio, istioApi, type Law, read, run, tested } from '../law.js';

const validation = 'pkg/config/validation/validation.go';
const virtualService = 'pkg/config/validation/virtualservice.go';
const attachment = 'pilot/pkg/model/policyattachment.go';

const changed = run('the schemas of the resources, on objects in which one value is another');
const webhook = run('Istio’s own validation, on random objects of each kind');

/** What the cluster refuses, and where policies attach. */
export const admission: readonly Law[] = [
  {
    id: 'P-01',
    title: 'Waypoints take no selectors',
    statements: [
      'AuthorizationPolicy, RequestAuthentication, WasmPlugin, TrafficExtension and EnvoyFilter reach a waypoint by target only. Those with a selector or without any are ignored there, mesh-wide ones too.',
    ],
    versions: everyVersion,
    sources: [istio(attachment, 'ShouldAttachPolicy')],
    confirmed: [tested('the cases of policyattachment_test.go')],
  },
  {
    id: 'P-02',
    title: 'Where a policy with a target must live',
    statements: [
      'For a Service or ServiceEntry, in its namespace; for a Gateway, in the waypoint’s; for the GatewayClass `istio-waypoint`, in the root namespace.',
    ],
    versions: everyVersion,
    sources: [istio(attachment, 'ShouldAttachPolicy')],
    confirmed: [tested('the cases of policyattachment_test.go')],
  },
  {
    id: 'P-05',
    title: 'Targets are for waypoints and gateways only',
    statements: [
      'Sidecars and ztunnel take no policy with `targetRefs`. While both kinds of pods exist, a rule about requests needs two policies.',
    ],
    versions: everyVersion,
    sources: [
      istio(attachment, 'ShouldAttachPolicy'),
      istio('pilot/pkg/serviceregistry/ambient/authorization.go', 'convertAuthorizationPolicy'),
    ],
    confirmed: [read],
  },
  {
    id: 'P-07',
    title: 'Principals are written without `spiffe://`',
    statements: ['With the prefix they match nobody.'],
    versions: everyVersion,
    sources: [istio('pilot/pkg/security/authz/model/generator.go', 'srcPrincipalGenerator')],
    confirmed: [read],
  },
  {
    id: 'L-01',
    title: 'Two parents of a route that differ in their port',
    statements: [
      'The standard channel of the Gateway API refuses two `parentRefs` to one Service unless their `sectionName` differs. One route a port is the way.',
    ],
    versions: 'Gateway API 1.4 to 1.6',
    sources: [gatewayApi('apis/v1/shared_types.go', 'CommonRouteSpec')],
    confirmed: [read],
  },
  {
    id: 'L-06',
    title: 'What the API server takes of an HTTPRoute',
    statements: [
      'What its schema says, as far as every release and channel of the Gateway API says it: at most 16 rules and 16 hostnames, 64 matches a rule and 128 together; parents, backends, headers and parameters have names; durations are as Go writes them, with up to four whole numbers.',
      'Paths begin with `/` and are normalised, a filter that changes the request stands once, a redirect has no backends, a replaced prefix is that of the only match, and a Service has a port. A parent is named once, or each time with another `sectionName` or `port`.',
    ],
    versions: 'Gateway API 1.4 to 1.6',
    sources: [gatewayApi('apis/v1/httproute_types.go'), gatewayApi('apis/v1/shared_types.go')],
    confirmed: [run('the schemas of the resources, on random routes')],
  },
  {
    id: 'L-07',
    title: 'What the API server takes of the other routes',
    statements: [
      'What their schemas say, as for an HTTPRoute. A match of a GRPCRoute by method names a service or a method, as gRPC spells them. A TLSRoute of `v1` has hostnames, and no addresses among them. A backend that is a Service has a port in each kind.',
    ],
    versions: 'Gateway API 1.4 to 1.6',
    sources: [
      gatewayApi('apis/v1/grpcroute_types.go'),
      gatewayApi('apis/v1alpha3/tlsroute_types.go'),
      gatewayApi('apis/v1/shared_types.go'),
    ],
    confirmed: [run('the schemas of the resources, on random routes')],
  },
  {
    id: 'L-08',
    title: 'What the API server takes of a Gateway and a ListenerSet',
    statements: [
      'A Gateway has a class, and each of them listeners with a name of their own, a port and a protocol; no two have the same port, protocol and hostname.',
      'Listeners for HTTP, TCP and UDP have no `tls`, and those for TCP and UDP no hostname. One that ends TLS has `certificateRefs` or `options`, and one for HTTPS ends it.',
    ],
    versions: 'Gateway API 1.4 to 1.6',
    sources: [gatewayApi('apis/v1/gateway_types.go')],
    confirmed: [read, changed],
  },
  {
    id: 'L-09',
    title: 'What the API server takes of Istio’s own kinds',
    statements: [
      'What their schemas say, before the webhook is asked: fields that are needed, values of the right kind, words that there are, numbers and lists within their bounds, and of fields that exclude each other one.',
      'The webhook reads a weight, a number of attempts and every limit of a DestinationRule into 32 bits, with a sign: what is more than 2147483647 is refused, though the API server takes it.',
    ],
    versions: everyVersion,
    sources: [istio('manifests/charts/base/files/crd-all.gen.yaml'), istio('pkg/webhooks/validation/server/server.go')],
    confirmed: [read, changed],
  },
  {
    id: 'L-10',
    title: 'What a VirtualService needs',
    statements: ['One of `http`, `tcp` and `tls`, and hosts unless it is a delegate.'],
    versions: everyVersion,
    sources: [istio(virtualService)],
    confirmed: [read],
  },
  {
    id: 'L-11',
    title: 'Hosts of a VirtualService',
    statements: [
      '`*` is for gateways only, a wildcard stands first, and the hosts of one VirtualService do not overlap.',
    ],
    versions: everyVersion,
    sources: [istio(validation)],
    confirmed: [read],
  },
  {
    id: 'L-12',
    title: 'What an HTTP route of a VirtualService does',
    statements: [
      'Exactly one of `route`, `redirect` and `directResponse`. The last two exclude faults and rewrites, and `mirror` excludes `mirrors`.',
    ],
    versions: everyVersion,
    sources: [istio(virtualService, 'validateHTTPRouteConflict')],
    confirmed: [read],
  },
  {
    id: 'L-13',
    title: 'Destinations and weights',
    statements: [
      'A destination names one host, and a subset by a DNS label. Weights are not negative, and those of several do not sum to 0.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'validateHTTPRouteDestinations', 'validateDestination')],
    confirmed: [read],
  },
  {
    id: 'L-14',
    title: 'Durations',
    statements: ['At least a millisecond, and whole ones.'],
    versions: everyVersion,
    sources: [istio('pkg/config/validation/agent/validation.go', 'ValidateDuration')],
    confirmed: [read],
  },
  {
    id: 'L-15',
    title: 'Faults',
    statements: [
      'An abort or a delay, for 0 or 0.0001 to 100 percent; a status of 200 to 600, or the name of a gRPC status.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'validateHTTPFaultInjection')],
    confirmed: [read],
  },
  {
    id: 'L-16',
    title: 'Retries of a VirtualService',
    statements: ['No negative number of attempts, 0 only by itself, and conditions that Envoy knows or status codes.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateHTTPRetry')],
    confirmed: [read],
  },
  {
    id: 'L-17',
    title: 'Redirects and rewrites of a VirtualService',
    statements: [
      'A redirect names a path, a host, a scheme or a port, and has a status of 300 to 399. A rewrite replaces the path in one way, or the host; its regular expression is one of RE2.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'validateHTTPRedirect', 'validateHTTPRewrite')],
    confirmed: [webhook],
  },
  {
    id: 'L-18',
    title: 'Answers without a destination',
    statements: ['A status of 200 to 600, and at most 1 MB.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateHTTPDirectResponse')],
    confirmed: [webhook],
  },
  {
    id: 'L-19',
    title: 'CORS policies',
    statements: ['Origins that say something, methods that there are, and an age in whole seconds.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateCORSPolicy')],
    confirmed: [webhook],
  },
  {
    id: 'L-20',
    title: 'Headers that routes change',
    statements: [
      'The host of a request can be set, once; nothing else that begins with a colon, and no host of an answer. A `%` begins a variable that ends.',
    ],
    versions: everyVersion,
    sources: [
      istio(validation, 'ValidateHTTPHeaderOperationName', 'ValidateHTTPHeaderValue'),
      istio(virtualService, 'validateAuthorityRewrite'),
    ],
    confirmed: [webhook],
  },
  {
    id: 'L-21',
    title: 'Matches of a VirtualService',
    statements: [
      'Prefixes are not empty, but for those of a path; regular expressions are RE2, and at most 1024 characters long: they neither look around nor refer back.',
    ],
    versions: everyVersion,
    sources: [istio(virtualService, 'validateHTTPRouteMatchRequest'), istio(validation, 'validateStringRegexp')],
    confirmed: [webhook],
  },
  {
    id: 'L-22',
    title: 'TLS and TCP routes of a VirtualService',
    statements: ['A TLS route has matches, each with `sniHosts` among the hosts; a TCP route has a `route`.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateTLSRoute', 'validateTLSMatch', 'validateTCPRoute')],
    confirmed: [read],
  },
  {
    id: 'L-24',
    title: 'To whom something is exported',
    statements: ['Namespaces, each once; `*` stands alone, and `~` is for ServiceEntries, alone as well.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateExportTo')],
    confirmed: [webhook],
  },
  {
    id: 'L-25',
    title: 'Claims in the mesh',
    statements: ['Claims of tokens can be asked for by VirtualServices that are for gateways alone.'],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateVirtualService')],
    confirmed: [webhook],
  },
  {
    id: 'L-30',
    title: 'What a DestinationRule needs',
    statements: ['A host, subsets with unique names that are DNS labels, and no settings that set nothing.'],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateDestinationRule', 'validateTrafficPolicy')],
    confirmed: [read],
  },
  {
    id: 'L-31',
    title: 'Tunnels and the PROXY protocol',
    statements: ['They exclude each other; a tunnel is by CONNECT or POST to a host and a port.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateTrafficPolicy', 'validateTunnelSettings')],
    confirmed: [webhook],
  },
  {
    id: 'L-32',
    title: 'Limits of connections',
    statements: ['None is below 0, and `h2UpgradePolicy: UPGRADE` excludes `useClientProtocol`.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateConnectionPool')],
    confirmed: [webhook],
  },
  {
    id: 'L-33',
    title: 'Outliers',
    statements: ['Failures that begin at the client are counted only where they are told apart; shares are percents.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateOutlierDetection')],
    confirmed: [webhook],
  },
  {
    id: 'L-34',
    title: 'How endpoints are chosen',
    statements: ['A cookie has a name, and a table of Maglev a prime size below 5000011.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateLoadBalancer')],
    confirmed: [webhook],
  },
  {
    id: 'L-35',
    title: 'Localities',
    statements: [
      'Traffic is distributed or fails over, and not both; weights sum to 100, and regions fail over to others.',
    ],
    versions: everyVersion,
    sources: [istio('pkg/config/validation/agent/validation.go', 'ValidateLocalityLbSetting')],
    confirmed: [webhook],
  },
  {
    id: 'L-36',
    title: 'TLS of clients',
    statements: [
      'MUTUAL needs a certificate and a key; a `credentialName` excludes files, and `insecureSkipVerify` what would be verified.',
    ],
    versions: everyVersion,
    sources: [istio('pkg/config/validation/agent/validation.go', 'ValidateTLS')],
    confirmed: [webhook],
  },
  {
    id: 'L-37',
    title: 'DestinationRules for pods of certain labels',
    statements: ['They are not exported.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateExportTo')],
    confirmed: [webhook],
  },
  {
    id: 'L-40',
    title: 'What a ServiceEntry needs',
    statements: [
      'Hosts, of which `*` is none; ports with a number and a name, each once; addresses, as ranges only where nothing is looked up.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateServiceEntry')],
    confirmed: [webhook],
  },
  {
    id: 'L-41',
    title: 'How a ServiceEntry finds its endpoints',
    statements: [
      'NONE has none, STATIC has addresses, DNS has names that can be looked up, DYNAMIC_DNS has wildcards and nothing else.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateServiceEntry', 'validateWorkloadEntry')],
    confirmed: [webhook],
  },
  {
    id: 'L-42',
    title: 'Several hosts of one ServiceEntry',
    statements: ['Each port tells them apart, by HTTP or TLS, unless nothing is looked up.'],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateServiceEntry')],
    confirmed: [webhook],
  },
  {
    id: 'L-50',
    title: 'What a Sidecar needs',
    statements: [
      'Something to say; hosts written as `namespace/host`; the listener without a port last; each port once.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateSidecar')],
    confirmed: [webhook],
  },
  {
    id: 'L-52',
    title: 'What a policy can target',
    statements: ['A Service, ServiceEntry, Gateway or GatewayClass, by name and without a namespace.'],
    versions: everyVersion,
    sources: [istio(validation, 'validatePolicyTargetReference')],
    confirmed: [read],
  },
  {
    id: 'L-55',
    title: 'Selectors',
    statements: ['They name labels as they are, without stars.'],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateAlphaWorkloadSelector')],
    confirmed: [webhook],
  },
  {
    id: 'L-56',
    title: 'What a Gateway of Istio’s own needs',
    statements: [
      'Servers with a port that has a number, a protocol and a name of its own, with hosts in full, and with TLS where the protocol is HTTPS or TLS and nowhere else. Certificates come from one place.',
    ],
    versions: everyVersion,
    sources: [istio(validation, 'ValidateGateway', 'validateServer', 'validateTLSOptions')],
    confirmed: [webhook],
  },
  {
    id: 'L-57',
    title: 'Fields that are given up',
    statements: [
      '`percent` of a delay, `mirrorPercent`, `consecutiveErrors`, `minimumRingSize` and `warmupDurationSecs` are read and have a successor.',
    ],
    versions: everyVersion,
    sources: [
      istioApi('networking/v1alpha3/virtual_service.proto'),
      istioApi('networking/v1alpha3/destination_rule.proto'),
    ],
    confirmed: [read],
  },
  {
    id: 'L-60',
    title: 'Names of waypoints',
    statements: [
      'A Gateway’s name becomes that of a Service, so it begins with a letter, holds no dot and has at most 63 characters.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go')],
    confirmed: [read],
  },
];
