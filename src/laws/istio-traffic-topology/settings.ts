import { everyVersion, issue, istio, istioApi, type Law, read, run } from '../law.js';

const waypointCluster = 'pilot/pkg/networking/core/cluster_waypoint.go';
const httpRoutes = 'pilot/pkg/networking/core/httproute.go';
const route = 'pilot/pkg/networking/core/route/route.go';
const clusterPolicy = 'pilot/pkg/networking/core/cluster_traffic_policy.go';

const generated = run(
  'random routes and DestinationRules: the routes and clusters that istiod generates for sidecars and waypoints',
);

/** What proxies keep to when they send requests on: time, repetition, which pod, how much, and with which TLS. */
export const settings: readonly Law[] = [
  {
    id: 'T-08',
    title: 'DestinationRules for some pods',
    statements: [
      'A rule with a `workloadSelector` is for sidecars and gateways of its own namespace with these labels, and goes before rules without one, which add nothing to it. A waypoint takes none for its own Services.',
      'Where there is such a rule for a host, one of the same namespace with `exportTo: ["."]` is merged with it and counts for no other pods.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/sidecar.go', 'DestinationRule'),
      istio(waypointCluster, 'buildWaypointInboundVIP'),
    ],
    confirmed: [generated, read],
  },
  {
    id: 'T-35',
    title: 'Retries that nobody wrote',
    statements: [
      'Where a route says nothing of retries, and at a sidecar without any route, a failed request is sent twice more: on connection failures, refused streams, `unavailable` and `cancelled`. `defaultHttpRetryPolicy` of MeshConfig replaces that.',
      'A waypoint without a route for the Service sends again what was cut off before it was sent, twice, and nothing on gRPC ports. From 1.30.3 and 1.31 on it does as sidecars do.',
      'In a VirtualService `attempts: 0` and `retries: {}` switch retries off.',
      'A pod that failed is left out of the next tries unless a hash binds requests to pods.',
      'No timeout is set where no route sets one.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/route/retry/retry.go', 'ConvertPolicy', 'DefaultPolicy'),
      istio(route, 'BuildDefaultHTTPInboundRoute', 'BuildDefaultHTTPOutboundRoute', 'setTimeout'),
      istio(httpRoutes, 'buildSidecarInboundHTTPRouteConfig'),
    ],
    confirmed: [generated, read],
  },
  {
    id: 'T-40',
    title: 'When requests are bound to pods',
    statements: [
      '`consistentHash` makes a hash of what it names only where a route or the default of a sidecar carries it. A waypoint without a route for the Service makes none before 1.31, and then by the settings for the whole host alone.',
      'For a destination of a route the settings of a port count where the destination names the port. Of a weighted split all keys count together.',
    ],
    versions: everyVersion,
    sources: [istio(route, 'HashForHTTPDestination', 'hashForService'), issue(61045)],
    confirmed: [generated, read],
  },
  {
    id: 'T-42',
    title: 'Pods that are near',
    statements: [
      '`trafficDistribution` of a Service, else annotation `networking.istio.io/traffic-distribution` of the Service, from 1.30 on else of its namespace: `PreferClose` and `PreferSameZone`, or `PreferSameNode`.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/model/service.go', 'GetTrafficDistribution')],
    confirmed: [read],
  },
  {
    id: 'T-43',
    title: 'Which word on locality counts',
    statements: [
      '`localityLbSetting` of the DestinationRule, else what the Service prefers, else that of MeshConfig, which is on by default. Failover needs outlier detection, but for what the Service prefers; outlier detection alone switches it on.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/loadbalancer/loadbalancer.go', 'GetLocalityLbSetting'),
      istio(clusterPolicy, 'applyLocalityLoadBalancer'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-45',
    title: 'What a waypoint takes of a DestinationRule',
    statements: [
      'Connection pool, outlier detection, load balancing, retry budget, PROXY protocol and TLS of mode SIMPLE or MUTUAL, with settings of ports and subsets. ISTIO_MUTUAL and DISABLE change nothing there: it speaks HBONE. Limits are those of one pod of the waypoint.',
      'Settings of a port leave nothing of those for the whole; a subset overrides its host part by part.',
    ],
    versions: everyVersion,
    sources: [
      istio(waypointCluster, 'buildWaypointInboundVIPCluster', 'buildWaypointTLSContext'),
      istio('pilot/pkg/networking/util/util.go', 'MergeSubsetTrafficPolicy', 'GetPortLevelTrafficPolicy'),
      istioApi('networking/v1alpha3/destination_rule.proto', 'TrafficPolicy'),
    ],
    confirmed: [generated, read],
  },
  {
    id: 'T-46',
    title: 'BackendTLSPolicy',
    statements: [
      'It is for the Services and ServiceEntries of its own namespace that it names, or for the port that `sectionName` names. A target that is not there, of another kind, or without such a port is left out.',
      'It counts as a DestinationRule of its own namespace with TLS of mode SIMPLE: of both, the older counts. From 1.31 on a DestinationRule for the same host goes before it, part by part.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/destination_rule.go', 'mergeBackendPolicyTrafficPolicy'),
      istio('pilot/pkg/config/kube/gateway/backend_policies.go', 'BackendTLSPolicyCollection'),
    ],
    confirmed: [read],
  },
];
