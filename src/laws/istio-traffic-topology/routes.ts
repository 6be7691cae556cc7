import { envoy, everyVersion, gatewayApi, istio, type Law, read, run } from '../law.js';

const route = 'pilot/pkg/networking/core/route/route.go';
const outbound = 'pilot/pkg/networking/core/httproute.go';
const listenerOfWaypoint = 'pilot/pkg/networking/core/listener_waypoint.go';
const conversion = 'pilot/pkg/config/kube/gateway/conversion.go';
const collections = 'pilot/pkg/config/kube/gateway/route_collections.go';

/** How rules are read, which of them counts, and what becomes of the request. */
export const routes: readonly Law[] = [
  {
    id: 'T-15',
    title: 'The port of a route’s parent',
    statements: [
      'A parent that names a port is asked for requests to that port of its Service; without one the route is for every port. `sectionName` says nothing for a Service.',
      'With a port, a rule of a GRPCRoute without a match and an empty match are of one rank, and go by their order; without one the rule comes last. All parents share one list, which istiod sorts for each without a port, in the order of kinds and names: for a parent with a port that comes after such a one the rule without a match is last as well.',
    ],
    versions: everyVersion,
    sources: [
      istio(collections, 'GRPCRouteCollection'),
      istio(conversion, 'augmentPortMatch', 'sortHTTPRoutes', 'filteredReferences', 'parentRefString'),
    ],
    confirmed: [read, run('GRPCRoutes with both rules, for one parent and for two')],
  },
  {
    id: 'T-16',
    title: 'The hostnames of a route for the mesh',
    statements: ['They are not asked for: the route is for the host of its parent.'],
    versions: everyVersion,
    sources: [istio(collections, 'HTTPRouteCollection')],
    confirmed: [read],
  },
  {
    id: 'T-18',
    title: 'A parent that does not exist',
    statements: ['A route for a Service or a ServiceEntry that does not exist is not routed by.'],
    versions: everyVersion,
    sources: [istio(conversion, 'referenceAllowed')],
    confirmed: [read],
  },
  {
    id: 'T-19',
    title: 'Several routes of the Gateway API for one parent',
    statements: [
      'Those of one namespace for one host and port are merged: their matches are put in the order of the Gateway API (exact paths before prefixes before regular expressions, longer before shorter, then by method, headers and query parameters), and among equals the older route’s first.',
      'HTTPRoutes and GRPCRoutes are merged with each other from 1.30 on. The prefix for a service of a GRPCRoute ends with a slash, and is longer by it than the same PathPrefix of an HTTPRoute.',
      'A rule without a match comes last: one of a GRPCRoute, and one of an HTTPRoute with an empty list `matches`. Where an HTTPRoute has no such field, the API server writes the prefix `/`.',
    ],
    versions: everyVersion,
    sources: [
      istio(collections, 'HTTPRouteCollection', 'mergeHTTPRoutes'),
      istio(conversion, 'sortHTTPRoutes', 'createGRPCURIMatch'),
    ],
    confirmed: [read, run('both kinds for one Service, and lists without a match')],
  },
  {
    id: 'T-20',
    title: 'Weights',
    statements: [
      'Each destination gets its part of the sum. In a VirtualService a destination without weight gets nothing beside others, and everything where it is the only one; in a route of the Gateway API the weight is 1 where none is said.',
    ],
    versions: everyVersion,
    sources: [istio(route, 'applyHTTPRouteDestination'), istio(conversion, 'buildHTTPDestination')],
    confirmed: [read],
  },
  {
    id: 'T-24',
    title: 'What a backend can be',
    statements: [
      'A Service with a port, a `networking.istio.io` Hostname, a ServiceImport or, with the flag ENABLE_GATEWAY_API_INFERENCE_EXTENSION, an InferencePool. A backend of any other kind is answered with 500; one without a port, or named by a host, drops the whole route.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'buildDestination')],
    confirmed: [read],
  },
  {
    id: 'T-25',
    title: 'Backends in another namespace',
    statements: [
      'A route of the mesh needs no ReferenceGrant for them. At a gateway a backend without a grant is answered with 500.',
    ],
    versions: everyVersion,
    sources: [istio(collections, 'enforceRefGrant')],
    confirmed: [read],
  },
  {
    id: 'T-30',
    title: 'Filters of the Gateway API',
    statements: [
      'An HTTPRoute can modify headers, redirect, mirror, rewrite and answer preflights (CORS); a GRPCRoute can modify headers and mirror; a backend can modify headers. Any other filter drops the whole route.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'convertHTTPRoute', 'convertGRPCRoute', 'buildHTTPDestination')],
    confirmed: [read],
  },
  {
    id: 'T-31',
    title: 'What is done with headers',
    statements: [
      'What is removed goes first, then what is set, then what is added. Of a rule and its only destination the rule’s operations come first; of several destinations each one’s come before the rule’s.',
      'The host is set by a rewrite, else by the rule’s headers, else by the destination’s. Other names that begin with a colon are left alone.',
      'Of a name that a header modifier has twice the first counts.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'TranslateHeadersOperations', 'processDestination', 'processWeightedDestination'),
      istio(conversion, 'headerListToMap'),
      envoy('source/common/router/config_impl.cc', 'finalizeRequestHeaders'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-32',
    title: 'Timeouts of an HTTPRoute',
    statements: [
      '`backendRequest` is the timeout of one try where there are retries, and replaces `request` where there are none. 0 is no timeout.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'convertHTTPRoute')],
    confirmed: [read],
  },
  {
    id: 'T-50',
    title: 'TCP routes and listeners',
    statements: [
      'TCPRoute is read from 1.31 on, and before with the flag `PILOT_ENABLE_ALPHA_GATEWAY_API`; so is a listener of protocol TCP.',
      'A rule of which no backend has a weight closes connections.',
    ],
    versions: everyVersion,
    sources: [
      istio(listenerOfWaypoint, 'getTCPRouteMatch'),
      istio(conversion, 'listenerProtocolToIstio', 'convertTCPRoute'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-52',
    title: 'TLS routes and listeners',
    statements: [
      'TLSRoute is read from 1.30 on, and before with the flag `PILOT_ENABLE_ALPHA_GATEWAY_API`. For the mesh one without hostnames is for the host of its parent.',
      'A listener of protocol TLS counts as its routes do.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'augmentTLSPortMatch', 'listenerProtocolToIstio')],
    confirmed: [read],
  },
  {
    id: 'T-53',
    title: 'Methods of gRPC',
    statements: [
      'A method of a service is the path `/service/method`, a service alone is a prefix, and a method alone is a regular expression.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'createGRPCURIMatch')],
    confirmed: [read],
  },
  {
    id: 'T-90',
    title: 'How paths and parameters are compared',
    statements: [
      'A `prefix` of a VirtualService is text: `/v1` is also the beginning of `/v10`. A PathPrefix of the Gateway API goes by path elements.',
      'A rewrite replaces what the match named, and the whole path where it named all of it; the query stays.',
      'Query parameters are compared as they are written, nothing decoded; of a name that stands twice the first counts.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'TranslateRouteMatch', 'applyHTTPRouteDestination'),
      gatewayApi('apis/v1/httproute_types.go', 'PathMatchPathPrefix'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-91',
    title: 'A destination that does not exist',
    statements: [
      'A VirtualService answers 503, a route of the Gateway API 500, also where it exists and is not exported to the proxy. A version whose pods do not exist is answered with 503 by both.',
      'A sidecar knows whatever the routes that it imports lead to, if it is of its own namespace or exported to it, and of each the port that was addressed: where a rule names no port it means that one.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'applyHTTPRouteDestination', 'GetDestinationCluster'),
      istio(outbound, 'BuildSidecarOutboundVirtualHosts'),
      istio('pilot/pkg/model/sidecar.go', 'collectImportedServices'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-92',
    title: 'By what sidecars route',
    statements: [
      'On a port that is declared HTTP a sidecar goes by the Host header, whatever address the client chose: all Services with that port are found by the names that the client’s namespace has for them, and hosts of VirtualServices beside them on port 80.',
      'A VirtualService whose host is written as such a name, as in `web.shop`, has it before a Service without rules; beside rules for the Service the first by visibility and age has it.',
      'A wildcard counts where no route names the host: only the closest, and of these the first. One that is for Services at a port is for no other name there.',
      'On a port for bytes all routes count that are for the host, by a wildcard as well, one after the other.',
      'A Host that is none of these leaves the pod as it came, in plaintext, to the address that was chosen (istio-security §2.9). On a port whose protocol is detected the address counts, and the Host does not.',
      'Bytes that are no request pass the listener of a port that is declared HTTP as they came, in plaintext, or go nowhere with REGISTRY_ONLY.',
    ],
    versions: everyVersion,
    sources: [
      istio(outbound, 'BuildSidecarOutboundVirtualHosts', 'generateVirtualHostDomains'),
      istio(outbound, 'buildCatchAllVirtualHost', 'getVirtualHostsForSniffedServicePort', 'dedupeDomains'),
      istio('pilot/pkg/networking/core/tls.go', 'getConfigsForHost'),
      istio('pilot/pkg/networking/core/listener.go', 'buildSidecarOutboundListener', 'fallthroughNetworkFilters'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-93',
    title: 'Which rules a gateway follows',
    statements: [
      'Those of the routes that bind to the listener, for the closest name that the listener and the route have in common: an exact one, or the longest wildcard. The rules of several routes for that name are put one after the other, by visibility and age, and those without conditions go last.',
      'A host that no route of the listener has is answered with 404.',
      'A route of the Gateway API counts for each of its hosts by itself, and not for those to which another listener of its Gateway is closer.',
      'Listeners of one port that take plaintext have their rules together, whichever is declared first; of those that end TLS the server name chooses one.',
      'A server of Istio’s own API with `httpsRedirect` answers plaintext for its hosts with 301. The gateway knows what is plaintext by `X-Forwarded-Proto`, which it overwrites where it trusts no proxy before it.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/gateway.go', 'buildGatewayHTTPRouteConfig'),
      istio(route, 'SortVHostRoutes'),
      istio(conversion, 'hostnameAllowedByIsolation'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-94',
    title: 'Copies of requests',
    statements: [
      'A proxy copies what it forwards as it leaves it, with everything that the rule changes: nothing that is aborted, answered or redirected, and nothing for which it finds no pod. Policies of the proxy were asked before.',
      'A copy is a request like others where it comes to: the policies there decide about it. Its answer, and that there is none, is dropped.',
      'Envoy appends the address of its own pod to `x-forwarded-for`. It asks for the same host, and for `name-shadow` where istiod has DISABLE_SHADOW_HOST_SUFFIX=false.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'TranslateRequestMirrorPolicy', 'MirrorPercent'),
      istio('pilot/pkg/features/pilot.go', 'DisableShadowHostSuffix'),
      envoy('source/common/router/router.cc', 'shadow_headers_'),
      envoy('source/common/http/async_client_impl.cc', 'appendXff'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-95',
    title: 'Rules that a VirtualService delegates',
    statements: [
      'A rule with `delegate` becomes the rules of that VirtualService, which has no hosts and is exported to the namespace of the root; where there is none the rule is left out. Hosts and gateways without a namespace are of the object that writes them.',
      'What a delegate says of rewrites, timeouts, retries, faults, copies, CORS and headers counts, and else what the root says; destinations and redirects are its own.',
      'Each match of a delegate is joined with each of the root that does not exclude it: the same text or one within a prefix, no other port, label or parameter, gateways among those of the root, and the same namespace where the root names one. A rule of which a match finds none is left out.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/virtualservice.go', 'mergeHTTPRoute', 'mergeHTTPMatchRequests', 'hasConflict'),
      istio('pilot/pkg/model/virtualservice_controller.go', 'mergeVirtualServices'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-96',
    title: 'Regular expressions in routes of the Gateway API',
    statements: [
      'Neither the API server nor istiod looks at them. One that RE2 does not know makes Envoy refuse all of the configuration in which it stands: at a waypoint the listener of all its Services, elsewhere the routes of all hosts of a port.',
      'A proxy then keeps what it had, and one that starts has nothing.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'createURIMatch', 'createHeadersMatch'), envoy('source/common/common/regex.cc')],
    confirmed: [read, run('that Envoy 1.38.3 refuses a configuration with such an expression')],
  },
  {
    id: 'T-97',
    title: 'What a sidecar does with a Service that it does not import',
    statements: [
      'It has a listener for requests to each port that is declared HTTP, of some host that it imports or in its Sidecar, whatever address they are sent to: they are led by their Host header, whatever the protocol of the Service’s own port is.',
      'Where it has none, its routes do not count, even those that lead to the Service: the request leaves the pod as it came, or goes nowhere with REGISTRY_ONLY. What is known by routes alone has clusters, and no listener.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/listener.go', 'buildSidecarOutboundListeners'),
      istio('pilot/pkg/model/sidecar.go', 'collectImportedServices', 'convertIstioListenerToWrapper'),
    ],
    confirmed: [read, run('sidecars whose Sidecar imports no host with the port, one, and none that is exported')],
  },
  {
    id: 'T-98',
    title: 'What counts of a request when its rule is chosen',
    statements: [
      'A gateway and a waypoint choose the rule as the request arrives. External authorizers, which are asked first, make no difference to that.',
      'Where a token is accepted they choose once more: then the headers count that authorizers and the rules for tokens have written or taken away by then. A request without a token keeps the rule that was chosen by the headers of its client.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/plugin/authn/authentication.go', 'JwtFilter'),
      istio('pilot/pkg/security/authn/policy_applier.go', 'ClearRouteCache'),
      istio('pilot/pkg/networking/core/listener_builder.go', 'authzCustomBuilder'),
      envoy('source/extensions/filters/http/jwt_authn/authenticator.cc', 'clear_route_cache_'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-99',
    title: 'Preflight requests',
    statements: [
      'Where a rule has a CORS policy, the proxy answers OPTIONS with `origin` and `access-control-request-method` itself, with 200, for origins that the policy names. Others are passed on, and answered too with `unmatchedPreflights: IGNORE`.',
      'Policies of the proxy are asked before, and faults go before it; what the rule says of destinations and redirects comes after.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'TranslateCORSPolicy', 'forwardNotMatchingPreflights'),
      istio('pilot/pkg/networking/core/listener_builder.go', 'buildHTTPConnectionManager'),
      envoy('source/extensions/filters/http/cors/cors_filter.cc', 'decodeHeaders'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-51',
    title: 'Server names at a waypoint',
    statements: [
      'A waypoint reads no server names: of rules by name only one for the full name of the Service alone counts, for all its connections, and goes before rules by port. Ranges of addresses are not looked at.',
    ],
    versions: everyVersion,
    sources: [istio(listenerOfWaypoint, 'getTLSRouteMatch', 'getTCPRouteMatch')],
    confirmed: [read],
  },
];
