import { everyVersion, gatewayApi, istio, type Law, read, tested } from '../law.js';

const validation = 'pkg/config/validation/validation.go';
const virtualService = 'pkg/config/validation/virtualservice.go';
const attachment = 'pilot/pkg/model/policyattachment.go';

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
    id: 'L-22',
    title: 'TLS and TCP routes of a VirtualService',
    statements: ['A TLS route has matches, each with `sniHosts` among the hosts; a TCP route has a `route`.'],
    versions: everyVersion,
    sources: [istio(validation, 'validateTLSRoute', 'validateTLSMatch', 'validateTCPRoute')],
    confirmed: [read],
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
    id: 'L-52',
    title: 'What a policy can target',
    statements: ['A Service, ServiceEntry, Gateway or GatewayClass, by name and without a namespace.'],
    versions: everyVersion,
    sources: [istio(validation, 'validatePolicyTargetReference')],
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
