import { envoy, everyVersion, issue, istio, type Law, rateLimitServer, read, run, ztunnel } from '../law.js';

const telemetry = 'pilot/pkg/model/telemetry.go';

/** What proxies record of requests and how they count them, and who tells them. */
export const records: readonly Law[] = [
  {
    id: 'F-60',
    title: 'What ztunnel records',
    statements: [
      'Its own metrics of connections and bytes, and its own log of connections, by its settings and level of logging. It reads no Telemetry, and makes no spans.',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/proxy/metrics.rs')],
    confirmed: [read],
  },
  {
    id: 'F-61',
    title: 'For whom a Telemetry is',
    statements: [
      'Without a selector and without targets it is for every proxy of its namespace, and in the root namespace for every proxy of the mesh. Of several such in one namespace the oldest alone counts.',
      'With a selector it is for sidecars and gateways with these labels in its namespace. A waypoint obeys it by a target alone: its Gateway, or a Service behind it.',
      'A waypoint in another namespace than the Service looks for those with targets in its own namespace up to 1.30.2, and in that of the Service from 1.30.3 on. Those without a selector are then taken from both.',
    ],
    versions: everyVersion,
    sources: [
      istio(telemetry, 'applicableTelemetries', 'namespaceWideTelemetryConfig'),
      istio('pilot/pkg/model/policyattachment.go', 'ShouldAttachPolicy'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-62',
    title: 'How Telemetry of several levels adds up',
    statements: [
      'The mesh comes before the namespace, and the namespace before what has a selector or targets; of these the older before the younger.',
      'Access logs: the last level that names providers decides which there are. A filter counts for the providers that are named beside it, and `disabled` for those or for what came before. Where no provider is left, the MeshConfig’s own `accessLogFile` counts.',
      'Metrics: changes add up, label by label. Where all metrics are disabled, any change that follows enables all of them again. Prometheus is the one provider that has any, and Istio’s charts make it the default.',
      'Tracing: each field that is written goes before the same field further out, the tags as a whole. Without a provider nothing is traced.',
      'A provider that the MeshConfig does not have is left out. `envoy`, `prometheus` and `stackdriver` are always there.',
    ],
    versions: everyVersion,
    sources: [
      istio(telemetry, 'mergeLogs', 'mergeMetrics', 'Tracing', 'fetchProvider'),
      istio('pkg/config/mesh/mesh.go', 'DefaultMeshConfig'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-63',
    title: 'Where a filter counts requests',
    statements: [
      'No API of Istio’s own limits requests: an EnvoyFilter inserts Envoy’s filter `local_ratelimit`, which counts in each proxy by itself. ztunnel is no Envoy, and counts nothing.',
      'At a sidecar a filter chain is found by `destinationPort`, the port of the pods, in the listener for what arrives and in that for HBONE; `portNumber` is compared with the former’s chains alone.',
      'At a waypoint it is found by its name, `inbound-vip|<port>|http|<host>` with the port of the Service; `portNumber` never matches there. Such a patch holds whether or not the Service has routes.',
      'At a gateway it is found by `portNumber`, the port of its pods, in context GATEWAY. Requests for all hosts of one port in plaintext go through one chain, and only their header `:authority` tells them apart.',
      'Several filters of one kind count each by itself. The filter makes descriptors by its own `rate_limits`, without those of a route. Its buckets are filled in steps of 50 milliseconds at the least.',
      'Envoy has the query among the header `:path`, and an expression is for the whole of a value.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/envoyfilter/listener_patch.go', 'filterChainMatch', 'patchHTTPFilters'),
      istio('pilot/pkg/networking/core/listener_waypoint.go', 'buildWaypointInternal'),
      envoy('api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit.proto', 'LocalRateLimit'),
    ],
    confirmed: [read, run('filters of a sidecar and of a waypoint with a route, and what they answer')],
  },
  {
    id: 'F-64',
    title: 'Who counts for many proxies together',
    statements: [
      'Envoy’s filter `ratelimit` asks a service over gRPC about each request that it makes descriptors for, all of them in one call, and answers 429 where the service says that one is over its limit. It waits 20 milliseconds where no `timeout` is written; without an answer the request goes on, or is answered 500 with `failure_mode_deny`.',
      'From Envoy 1.36 on, which Istio 1.28 has, the filter makes descriptors by its own `rate_limits`, and those of routes then do not count. Where one action of a descriptor has nothing to say, such as `request_headers` of a header that is not there, the whole descriptor is not made.',
      'Amounts are the service’s own. That of envoyproxy/ratelimit reads files that name a `domain` each, one file for a domain or it takes none of them; it looks up each entry by key and value, and else by key alone, and counts by second, minute, hour or day as the clock has them.',
      'Envoy refuses a listener with a filter whose cluster it does not know. A sidecar knows the Services that its Sidecar lists. A waypoint knows beside its own those that `envoyfilter.istio.io/referenced-services` of the EnvoyFilter names, and so does a gateway with PILOT_FILTER_GATEWAY_CLUSTER_CONFIG, in some releases only until the next change of a route (istio#62067).',
    ],
    versions: everyVersion,
    sources: [
      envoy('api/envoy/extensions/filters/http/ratelimit/v3/rate_limit.proto', 'RateLimit'),
      rateLimitServer('src/config/config_impl.go', 'GetLimit', 'loadConfig'),
      istio('pilot/pkg/model/envoyfilter.go', 'convertToEnvoyFilterWrapper'),
      istio('pilot/pkg/networking/core/waypoint.go', 'filterWaypointOutboundServices'),
      issue(62067),
    ],
    confirmed: [
      read,
      run(
        'what Envoy 1.38.3 asks a service of one’s own by the filters that Ambit writes, and what it answers; not that istiod hands them on',
      ),
    ],
  },
  {
    id: 'F-65',
    title: 'How proxies log what they refuse',
    statements: [
      'A policy that refuses a request leaves `rbac_access_denied_matched_policy[…]` in the details of the response, an external authorizer `ext_authz_denied` or `ext_authz_error` with the flag `UAEX`, and the validation of a token `jwt_authn_access_denied{…}`. The same status from the application has `via_upstream`, also in the log of the caller’s sidecar.',
      'A policy that closes a connection of bytes leaves the same in the details of its termination, and a gRPC authorizer its own in the details of the response.',
      'A connection that no filter chain takes is logged by the listener, with the flag `NR` and `filter_chain_not_found`: plaintext where mutual TLS is asked for, or a server name that a gateway does not know.',
      'A filter of a Telemetry is CEL, and holds beside the flags that the listener logs by. What a record does not have is an error in its term, and a true term beside it counts all the same; an expression that ends in an error logs nothing.',
      'ztunnel logs a connection that a policy refuses as an error: `connection closed due to policy rejection`, with `explicitly denied by: <namespace>/<name>` or `allow policies exist, but none allowed`.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/accesslog.go', 'buildAccessLogFromTelemetry', 'listenerAccessLogFilter'),
      envoy('source/extensions/filters/network/rbac/rbac_filter.cc'),
      envoy('source/extensions/filters/http/jwt_authn/filter.cc'),
      envoy('source/extensions/filters/common/expr/context.cc'),
      ztunnel('src/state.rs'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-66',
    title: 'Which extension providers take what proxies record',
    statements: [
      'Access logs go to providers of the kinds `envoyFileAccessLog`, `envoyHttpAls`, `envoyTcpAls` and `envoyOtelAls`, and in older releases `stackdriver`. Of any other kind nothing is logged, and istiod says nothing.',
      'Spans go to `zipkin`, `datadog`, `skywalking` and `opentelemetry`, and in older releases to `lightstep`, `opencensus` and `stackdriver`. For any other kind istiod logs an error of its own, and nothing is traced.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/telemetry_logging.go', 'telemetryAccessLog'),
      istio('pilot/pkg/networking/core/tracing.go', 'configureFromProviderConfig'),
    ],
    confirmed: [read],
  },
];
