import { envoy, everyVersion, gatewayApi, istio, istioApi, type Law, read } from '../law.js';

const conversion = 'pilot/pkg/config/kube/gateway/conversion.go';
const route = 'pilot/pkg/networking/core/route/route.go';
const waypointListener = 'pilot/pkg/networking/core/listener_waypoint.go';

/** What each kind of object can say of requests. */
export const features: readonly Law[] = [
  {
    id: 'F-01',
    title: 'What a VirtualService matches and does',
    statements: [
      'Paths exactly, by their first characters or by an expression of RE2; methods, headers and query parameters likewise. Alternatives are further matches of the rule.',
      'Connections are led on by their port, in proportion to weights.',
      'It redirects with any status, answers by itself, rewrites what was matched, mirrors shares, and delays or aborts requests.',
      'A header of `withoutHeaders` that is absent counts as empty, and so has what an expression like `.*` asks for; `*` alone asks whether it is there.',
      'What is put in place of a path stands for what a prefix matched, or for the whole of an exact path; never for the whole path behind a prefix.',
    ],
    versions: everyVersion,
    sources: [istio(route, 'translateRoute', 'TranslateRouteMatch', 'ApplyRedirect', 'ApplyDirectResponse')],
    confirmed: [read],
  },
  {
    id: 'F-02',
    title: 'What an HTTPRoute cannot say',
    statements: [
      'It has no answer of its own, no fault injection, no replacement of a part of a path element, and no choice of the failures that are tried again.',
      'Redirects have the status 301 or 302; others are in the CRDs of Gateway API 1.5 and later.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'convertHTTPRoute'), gatewayApi('apis/v1/httproute_types.go', 'HTTPRouteFilter')],
    confirmed: [read],
  },
  {
    id: 'F-03',
    title: 'The order of matches in an HTTPRoute',
    statements: [
      'Whatever is written first: exact paths go before prefixes, and prefixes before regular expressions; then longer ones, those with a method, with more headers, with more query parameters.',
      'Of one route nothing is tried behind a match for every request: a regular expression beside the prefix `/` is never reached. At a gateway what matches everything goes behind other routes. The expression `.*` goes behind other expressions.',
    ],
    versions: everyVersion,
    sources: [
      istio(conversion, 'sortHTTPRoutes', 'getURIRank'),
      istio(route, 'SortVHostRoutes', 'IsCatchAllRoute'),
      istio(waypointListener, 'buildWaypointInboundHTTPRouteConfig'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-04',
    title: 'How much an HTTPRoute holds',
    statements: ['At most 16 rules, 64 matches in a rule, and 128 matches in all. A VirtualService has no such limit.'],
    versions: everyVersion,
    sources: [
      gatewayApi('apis/v1/httproute_types.go', 'HTTPRouteSpec'),
      istioApi('networking/v1alpha3/virtual_service.proto', 'VirtualService'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-20',
    title: 'Failures that are made on purpose',
    statements: [
      'A rule of a VirtualService has at most one delay and one abort, each with its share of the requests. Sidecars, gateways and waypoints make them; ztunnel and Gateway API do not.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'TranslateFault'),
      istio('pilot/pkg/networking/core/listener_builder.go', 'buildHTTPConnectionManager'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-21',
    title: 'Pages of other origins',
    statements: [
      '`corsPolicy` of a VirtualService names origins exactly, by their beginning or by an expression of RE2.',
      'The filter CORS of an HTTPRoute is in the standard CRDs from Gateway API 1.5 on, and names origins exactly or with a wildcard for the first label.',
      'Envoy admits an origin that one of them matches, and every origin where one matches the text `*`. It answers with the origin that asked, and never with `*`: with credentials allowed, browsers take that answer from any site that is admitted.',
    ],
    versions: everyVersion,
    sources: [
      istio(route, 'TranslateCORSPolicy'),
      istio(conversion, 'createCorsFilter'),
      envoy('source/extensions/filters/http/cors/cors_filter.cc', 'isOriginAllowed'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-22',
    title: 'Paths in any case',
    statements: [
      '`ignoreUriCase` of a VirtualService is for exact paths and for beginnings; an expression takes both cases where it begins with `(?i)`.',
      'An HTTPRoute has no such field, and takes such an expression.',
    ],
    versions: everyVersion,
    sources: [istio(route, 'TranslateRouteMatch'), istio(conversion, 'createURIMatch')],
    confirmed: [read],
  },
  {
    id: 'F-23',
    title: 'Hosts at a gateway',
    statements: [
      'A gateway tells hosts apart by the route that names them, in any case and whatever port a client writes behind them, the most exact host first. `authority` of a match compares all that the client wrote.',
      'An HTTPRoute matches no host but by `hostnames`, for all of its rules.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/gateway.go', 'buildGatewayHTTPRouteConfig'),
      istio(route, 'TranslateRouteMatch'),
      gatewayApi('apis/v1/httproute_types.go', 'HTTPRouteSpec'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-24',
    title: 'A budget of retries',
    statements: [
      '`retryBudget` of a DestinationRule bounds the retries of one proxy that are under way by a share of its requests, and goes before `maxRetries`.',
      'Settings of a port have no such field, and take nothing of those for the whole.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_traffic_policy.go', 'applyRetryBudget'),
      istio('pilot/pkg/networking/util/util.go', 'GetPortLevelTrafficPolicy'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-25',
    title: 'Pings over HTTP/2',
    statements: [
      '`http2KeepAlive` of a DestinationRule is in the CRD and read from 1.31 on. Without HTTP/2 towards the pods it says nothing, and neither does `maxConcurrentStreams`.',
    ],
    versions: '1.31',
    sources: [istio('pilot/pkg/networking/core/cluster_traffic_policy.go', 'applyConnectionPool')],
    confirmed: [read],
  },
];
