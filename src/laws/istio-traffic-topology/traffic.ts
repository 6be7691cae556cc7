import {
  documented,
  everyVersion,
  gatewayApi,
  issue,
  istio,
  istioApi,
  istioDocs,
  type Law,
  read,
  run,
  tested,
  ztunnel,
} from '../law.js';

const waypointListener = 'pilot/pkg/networking/core/listener_waypoint.go';
const waypointCluster = 'pilot/pkg/networking/core/cluster_waypoint.go';
const conversion = 'pilot/pkg/config/kube/gateway/conversion.go';
const pushContext = 'pilot/pkg/model/push_context.go';
const ambientTests = 'tests/integration/ambient/baseline_test.go';
const migration = 'ambient/migrate/migrate-policies/index.md';

/** What routes and settings of traffic do at a waypoint, and what they do at sidecars. */
export const traffic: readonly Law[] = [
  {
    id: 'T-01',
    title: 'Which routes a waypoint reads',
    statements: [
      'Those for the mesh that are visible to the waypoint’s namespace and live there or in the Service’s namespace; a Gateway API route counts as the VirtualService that istiod makes of it. A route in the namespace of a caller is nothing to it.',
      'TCP and TLS routes: the first that matches over all VirtualServices, TLS before TCP.',
    ],
    versions: everyVersion,
    sources: [istio(waypointListener, 'getVirtualServiceForWaypoint')],
    confirmed: [read],
  },
  {
    id: 'T-02',
    title: 'Which route a waypoint takes for a Service',
    statements: [
      'One whose hosts name the Service, by a wildcard too. The request itself is matched by the address and the port of the Service; its Host header is not looked at, but for Services that are resolved by DNS as they are called.',
    ],
    versions: everyVersion,
    sources: [istio(waypointListener, 'buildWaypointInboundHTTPRouteConfig')],
    confirmed: [read],
  },
  {
    id: 'T-03',
    title: 'Several VirtualServices for one Service at a waypoint',
    statements: [
      'Their rules are concatenated from 1.28.6, 1.29.2 and 1.30.0 on; before, only the first of them counts. A rule without conditions hides all that come after it.',
    ],
    versions: everyVersion,
    sources: [istio('releasenotes/notes/59484.yaml'), issue(59483)],
    confirmed: [read],
  },
  {
    id: 'T-04',
    title: 'In which order a waypoint takes VirtualServices',
    statements: [
      'Those that are private to the waypoint’s namespace come first, then those that are exported to it by name, then public ones that istiod made of Gateway API routes of that namespace, then all other public ones by age.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/model/push_context.go', 'VirtualServicesForGateway')],
    confirmed: [read],
  },
  {
    id: 'T-05',
    title: 'A VirtualService and an HTTPRoute for one Service',
    statements: [
      'Istio does not define what happens. An HTTPRoute with a Service as parent becomes a VirtualService; sidecars take the older of two, waypoints concatenate them.',
    ],
    versions: everyVersion,
    sources: [
      istioDocs('ambient/usage/l7-features/index.md'),
      istioDocs(migration),
      istio(waypointListener, 'getVirtualServiceForWaypoint'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-06',
    title: 'Routes that are exported to their own namespace only',
    statements: [
      '`exportTo: ["."]` hides a VirtualService from a waypoint in another namespace, even for Services of its own.',
    ],
    versions: everyVersion,
    sources: [istio(waypointListener, 'getVirtualServiceForWaypoint')],
    confirmed: [read],
  },
  {
    id: 'T-07',
    title: 'Which DestinationRule a proxy obeys',
    statements: [
      'The first that is found: in the proxy’s own namespace (wildcards too), then in the Service’s, then in the root namespace. For traffic through a waypoint the proxy is the waypoint, so rules of callers do nothing there.',
      'Rules of different namespaces are never merged; those of one namespace for one host are: of their settings for traffic the oldest rule’s count.',
      'Settings of a port leave nothing of those for the whole, also of `tls`; but which endpoints are taken to speak mutual TLS follows `tls` of the whole where the port has none.',
    ],
    versions: everyVersion,
    sources: [istio(pushContext, 'destinationRule')],
    confirmed: [read],
  },
  {
    id: 'T-09',
    title: 'Sidecar resources',
    statements: ['A Sidecar resource says nothing to waypoints and gateways.'],
    versions: everyVersion,
    sources: [istio('pilot/pkg/model/sidecar.go', 'DefaultSidecarScopeForGateway')],
    confirmed: [read],
  },
  {
    id: 'T-10',
    title: 'A request that no rule matches',
    statements: [
      'Where a Service has routes and none matches, the answer is 404. There is no way back to the Service itself.',
    ],
    versions: everyVersion,
    sources: [istio(waypointListener, 'buildWaypointInboundHTTPRouteConfig'), issue(59483)],
    confirmed: [read],
  },
  {
    id: 'T-12',
    title: '`sourceLabels` at a waypoint',
    statements: ['A match with `sourceLabels` is dropped there; a rule that has no other match goes with it.'],
    versions: everyVersion,
    sources: [istio(waypointListener, 'waypointInboundRoute'), issue(51565)],
    confirmed: [read],
  },
  {
    id: 'T-13',
    title: '`sourceNamespace` at a waypoint',
    statements: ['It is compared with the waypoint’s own namespace and not with the caller’s.'],
    versions: everyVersion,
    sources: [istio('pilot/pkg/networking/core/route/route.go', 'sourceMatchHTTP')],
    confirmed: [read],
  },
  {
    id: 'T-14',
    title: 'Which VirtualServices are for the mesh',
    statements: ['Those without `gateways`, and those that list `mesh` among them.'],
    versions: everyVersion,
    sources: [istio('pkg/config/validation/validation.go', 'ValidateVirtualService')],
    confirmed: [read],
  },
  {
    id: 'T-17',
    title: 'Which parents a route of the mesh can have',
    statements: [
      'A Service (with `group: ""`) or a ServiceEntry. A waypoint as parent is ignored: the route attaches to nothing, and no status says so.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'referenceAllowed')],
    confirmed: [read],
  },
  {
    id: 'T-21',
    title: 'Subsets at a waypoint',
    statements: [
      'A VirtualService that sends to subsets of a DestinationRule works at a waypoint; Istio calls these APIs alpha there.',
    ],
    versions: everyVersion,
    sources: [istio(ambientTests, 'TestTrafficSplit', 'TestDestinationRule'), istioDocs(migration)],
    confirmed: [tested('`TestTrafficSplit` and `TestDestinationRule`')],
  },
  {
    id: 'T-22',
    title: 'The Gateway API knows no subsets',
    statements: ['A version is a Service of its own there, and the route of the Service sends to these.'],
    versions: everyVersion,
    sources: [istioDocs(migration), gatewayApi('apis/v1/shared_types.go', 'BackendRef')],
    confirmed: [documented],
  },
  {
    id: 'T-23',
    title: 'A route at a waypoint that leads to another Service',
    statements: [
      'The request goes straight to the pods of that Service, which see the waypoint. That Service’s own waypoint, routes and policies are not evaluated. Mirrored requests go the same way.',
      'At a sidecar the request is sent to the other Service as the caller, and meets the policies at its pods.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/waypoint.go'),
      istio(waypointListener, 'getWaypointDestinationCluster'),
      issue(44948),
    ],
    confirmed: [read],
  },
  {
    id: 'T-26',
    title: 'A rule that leads nowhere',
    statements: [
      'By the Gateway API, no `backendRefs` or only weights of 0 is answered with 500. Istio 1.30 answers empty `backendRefs` with 404.',
    ],
    versions: everyVersion,
    sources: [gatewayApi('apis/v1/httproute_types.go', 'BackendRefs')],
    confirmed: [documented],
  },
  {
    id: 'T-28',
    title: 'A waypoint in front of sidecars',
    statements: ['It works if the sidecars listen for HBONE, which is all that a waypoint speaks to pods of the mesh.'],
    versions: everyVersion,
    sources: [istio(ambientTests, 'TestWaypointWithSidecarBackend'), istio(waypointCluster)],
    confirmed: [tested('`TestWaypointWithSidecarBackend`')],
  },
  {
    id: 'T-33',
    title: 'Retries in HTTPRoute',
    statements: [
      '`retry` is in the experimental channel of the Gateway API only. With the standard CRDs it is an unknown field: refused, or dropped.',
    ],
    versions: `${everyVersion}; Gateway API 1.4 to 1.6`,
    sources: [gatewayApi('apis/v1/httproute_types.go', 'Retry')],
    confirmed: [read],
  },
  {
    id: 'T-34',
    title: 'What an HTTPRoute retries on',
    statements: [
      'Always on connection failures, refused streams, `unavailable` and `cancelled`; the status codes of `retry.codes` are added. Without a number there are two attempts.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'Retries')],
    confirmed: [read],
  },
  {
    id: 'T-47',
    title: 'PeerAuthentication of ambient pods',
    statements: [
      'STRICT becomes a policy at ztunnel, DISABLE is PERMISSIVE, and a selector in the root namespace is ignored (istio-security §5.2).',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/serviceregistry/ambient/policies.go'),
      istioDocs('ambient/migrate/before-you-begin/index.md'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-48',
    title: 'Settings of hosts that are looked up one by one',
    statements: [
      'A waypoint gives the cluster of a wildcard with resolution DYNAMIC_DNS limits of connections, and no load balancing: there are no addresses to choose from.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_waypoint.go', 'buildWaypointInboundVIPCluster', 'buildDFPCluster'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-54',
    title: 'What protocol a port carries',
    statements: [
      'The one that `appProtocol` says, else the port’s name up to its first `-`. Where neither says one, the proxy looks at the first bytes, so that some connections are requests and others are not.',
      'A TCP port whose name begins with `udp` gets no cluster at all, and no chain at a waypoint.',
    ],
    versions: everyVersion,
    sources: [istio('pkg/config/kube/conversion.go', 'ConvertProtocol'), istio(waypointListener)],
    confirmed: [read, run('TCP ports that are named udp')],
  },
  {
    id: 'T-55',
    title: 'gRPC without a proxy',
    statements: ['Its clients are offered no HBONE, so they bypass waypoints.'],
    versions: everyVersion,
    sources: [istio('pilot/pkg/xds/endpoints/endpoint_builder.go')],
    confirmed: [read],
  },
  {
    id: 'T-60',
    title: 'EnvoyFilter at a waypoint',
    statements: [
      'Only with `targetRefs` to the Gateway, or to the GatewayClass from the root namespace. One with a selector, or with neither, is ignored there.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/policyattachment.go', 'ShouldAttachPolicy'),
      istio(ambientTests, 'TestWaypointEnvoyFilter'),
      issue(57350),
    ],
    confirmed: [tested('`TestWaypointEnvoyFilter`')],
  },
  {
    id: 'T-72',
    title: 'Telemetry at a waypoint',
    statements: ['A waypoint reports as a server, so entries of mode CLIENT do nothing there.'],
    versions: everyVersion,
    sources: [istio(waypointListener), istio('pilot/pkg/model/telemetry.go', 'workloadMode')],
    confirmed: [read],
  },
  {
    id: 'T-80',
    title: 'Waypoints for hosts outside the mesh',
    statements: [
      'A ServiceEntry is bound to a waypoint like a Service, by its own label or its namespace’s. An AuthorizationPolicy for it names the ServiceEntry, in the same namespace.',
    ],
    versions: everyVersion,
    sources: [istio('tests/integration/ambient/waypoint_test.go', 'TestWaypointAsEgressGateway')],
    confirmed: [tested('`TestWaypointAsEgressGateway`')],
  },
  {
    id: 'T-82',
    title: 'How a host outside the mesh gets to its waypoint',
    statements: [
      'The client must resolve the name to a virtual IP of the ServiceEntry: one that it lists, or one that istiod assigns and the DNS capture of ambient answers with. Otherwise the request goes straight out.',
    ],
    versions: everyVersion,
    sources: [issue(54981), issue(54896), issue(59576)],
    confirmed: [documented],
  },
  {
    id: 'T-83',
    title: 'To whom a ServiceEntry is exported, in ambient',
    statements: [
      'ztunnel and waypoints do not ask for `exportTo` of a ServiceEntry: in ambient every entry is known to all namespaces.',
      'From 1.31 on `serviceEntryVisibility` of the MeshConfig narrows that by the labels of an entry’s namespace.',
    ],
    versions: everyVersion,
    sources: [istioApi('networking/v1alpha3/service_entry.proto'), issue(55163)],
    confirmed: [read],
  },
  {
    id: 'T-84',
    title: 'REGISTRY_ONLY in ambient',
    statements: [
      '`outboundTrafficPolicy: REGISTRY_ONLY` does nothing at ztunnel: unknown destinations are passed through.',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/proxy/outbound.rs', 'build_request'), issue(54281)],
    confirmed: [read],
  },
  {
    id: 'T-85',
    title: 'ServiceEntries with a wildcard host',
    statements: [
      'In ambient they apply through a waypoint only, with resolution DYNAMIC_DNS. Without one the entry does nothing, and says so in `istio.io/WaypointMissing`.',
      'A sidecar has no cluster for such an entry before 1.30.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/service.go', 'WaypointMissing'),
      istio('pilot/pkg/networking/core/cluster.go', 'DynamicDNS'),
    ],
    confirmed: [read],
  },
  {
    id: 'T-86',
    title: 'The Sidecar resource in ambient',
    statements: ['It is read by sidecars alone; nothing in ambient narrows what a client may reach.'],
    versions: everyVersion,
    sources: [istioApi('networking/v1alpha3/sidecar.proto')],
    confirmed: [read],
  },
  {
    id: 'T-87',
    title: 'Sidecars and the waypoint of a ServiceEntry',
    statements: [
      'Callers with a sidecar bypass it: they follow their own routes, and policies for the ServiceEntry are not evaluated.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/xds/endpoints/endpoint_builder.go', 'findServiceWaypoint')],
    confirmed: [read],
  },
  {
    id: 'T-88',
    title: 'ServiceEntries that select workloads',
    statements: [
      'Such an entry is one more Service before pods and machines of its namespace: clients reach them by its host with their identity, and its ports say what sidecars read there as those of a Service do.',
      'A named port of a container or a machine comes before `targetPort`. Where the entry is not MESH_INTERNAL, clients speak no mutual TLS unless a DestinationRule tells them to.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/serviceregistry/serviceentry/conversion.go', 'convertWorkloadInstanceToServiceInstance'),
      istio('pilot/pkg/networking/core/cluster_tls.go', 'buildUpstreamTLSSettings'),
    ],
    confirmed: [read],
  },
];
