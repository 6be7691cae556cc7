import { envoy, everyVersion, issue, istio, type Law, read, run } from '../law.js';

const sidecarTls = 'pilot/pkg/networking/core/tls.go';
const gateway = 'pilot/pkg/networking/core/gateway.go';
const waypointListener = 'pilot/pkg/networking/core/listener_waypoint.go';
const waypointCluster = 'pilot/pkg/networking/core/cluster_waypoint.go';
const ambientServices = 'pilot/pkg/serviceregistry/ambient/services.go';

/** Where connections are led, and what becomes of what leaves the mesh. */
export const connections: readonly Law[] = [
  {
    id: 'F-30',
    title: 'Server names at a sidecar',
    statements: [
      'On a port that is declared HTTPS or TLS the rules under `tls` count, and those under `tcp` do not; on any other port for bytes it is the other way round.',
      'Of all rules under `tls` that are for the proxy the one with the closest server name has a connection: an exact name, or the longest wildcard. Of rules by port the first has it.',
      'Where some rule under `tls` is for the proxy, nothing else is: a connection that asks for another name leaves the pod as it came, or is dropped with REGISTRY_ONLY.',
    ],
    versions: everyVersion,
    sources: [
      istio(sidecarTls, 'buildSidecarOutboundTLSFilterChainOpts', 'buildSidecarOutboundTCPFilterChainOpts'),
      istio('pilot/pkg/networking/core/listener.go', 'buildListenerFromEntry'),
      issue(26079),
    ],
    confirmed: [read],
  },
  {
    id: 'F-31',
    title: 'Hosts of resolution NONE',
    statements: [
      'Sidecars and waypoints send on to the address that the client chose. What a route leads to such a host from another one goes to the address of the other.',
      'A gateway has no such address, and answers 503.',
      'istiod assigns no virtual IP to it. In ambient only one that lists addresses comes to a waypoint; ranges of addresses count from 1.30 on.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster.go', 'convertResolution'),
      istio('pilot/pkg/networking/serviceentry/ip_autoallocation.go', 'ShouldV2AutoAllocateIP'),
      istio(ambientServices, 'constructServiceEntries'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-32',
    title: 'Connections at a gateway',
    statements: [
      'Where a listener passes TLS through, rules under `tls` count, and the closest server name among all of them has the connection. A name that none is for is refused.',
      'Where it ends TLS, or takes plain bytes, the first rule under `tcp` counts that is for its port and Gateway, whatever the server name.',
      'Neither asks for labels or namespaces of the proxy. What stands behind sees the gateway.',
    ],
    versions: everyVersion,
    sources: [istio(gateway, 'buildGatewayNetworkFiltersFromTLSRoutes', 'buildGatewayNetworkFiltersFromTCPRoutes')],
    confirmed: [read],
  },
  {
    id: 'F-33',
    title: 'A waypoint before a host outside the mesh',
    statements: [
      'It does with the host of a ServiceEntry what it does with a Service: policies for the entry, its Gateway and its class, then the routes for the host, then the settings of the DestinationRule. It sends on from its own pod, in plaintext unless SIMPLE or MUTUAL is asked for.',
      'Entries are bound to it whatever their `exportTo`.',
      'Before a wildcard with resolution DYNAMIC_DNS it answers 404 where the Host is not within the wildcard. There it sends on HTTP alone, and TLS with ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS.',
    ],
    versions: everyVersion,
    sources: [
      istio(waypointListener, 'buildWaypointInternal', 'buildRouteVHostDomains', 'getVirtualServiceForWaypoint'),
      istio(waypointCluster, 'buildWaypointInboundVIPCluster', 'buildWaypointTLSContext'),
    ],
    confirmed: [read, run('two routes for a wildcard, their timeouts and 404 for another Host; not the lookup itself')],
  },
  {
    id: 'F-34',
    title: 'Out of the mesh by a gateway',
    statements: [
      'A route for the mesh may lead what is for a host outside to the Service of a gateway, whose own routes lead it on: requests with the Host that they have, connections with the server name that the client asks for.',
      'Where a DestinationRule for that Service asks for ISTIO_MUTUAL, the sidecar writes another server name around it: the one that the rule says, or one that is made of port, version and Service.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_tls.go', 'buildUpstreamTLSSettings'),
      istio('pilot/pkg/model/service.go', 'BuildDNSSrvSubsetKey'),
      envoy('source/common/tls/context_impl.cc', 'server_name_indication'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-35',
    title: 'TLS that a client speaks with the application',
    statements: [
      'SIMPLE and MUTUAL of a DestinationRule or a BackendTLSPolicy go to the application itself: to a pod of ambient within HBONE, with the identity of the client, and to any other within nothing.',
      'A sidecar at the pod takes it for bytes without a certificate of the mesh: refused where the port is STRICT, or declared HTTP, and else judged as a connection of nobody.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_tls.go', 'applyHBONETransportSocketMatches'),
      istio('pilot/pkg/networking/core/filterchain_options.go', 'inboundPermissiveHTTPFilterChainMatchWithMxcOptions'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-36',
    title: 'What a waypoint can send to',
    statements: [
      'What is bound to it, and beside that only what a route leads to whose hosts name something bound to it in full: where a wildcard alone leads to another Service, the answer is 503.',
      'Of either it is told the endpoints only where the Service, or the ServiceEntry that lists them, is exported to its own namespace, whatever binds them to it: by `networking.istio.io/exportTo`, by `exportTo`, or by the `defaultServiceExportTo` of the mesh. Else it answers 503, and closes connections. `.` is the namespace of the Service, `~` is nobody, and `*` beside either is everybody.',
      'Hosts that are resolved by name, or kept as the client chose them, have no endpoints to be told; what is bound to it of them it reaches wherever they are exported. It obeys no DestinationRule for what is not exported to it.',
      'Its policies are enforced all the same: what they refuse is refused by them.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/waypoint.go', 'filterWaypointOutboundServices'),
      istio('pilot/pkg/model/push_context.go', 'referencedDestinations'),
      istio('pilot/pkg/xds/endpoints/endpoint_builder.go', 'NewEndpointBuilder'),
      istio('pilot/pkg/model/push_context.go', 'ServiceForHostname', 'initServiceRegistry'),
      istio('pilot/pkg/model/sidecar.go', 'DefaultSidecarScopeForGateway'),
      istio('pilot/pkg/networking/core/cluster.go', 'convertResolution'),
    ],
    confirmed: [
      read,
      run('that Envoy answers 503, also for a Service that is exported to another namespace than its waypoint’s'),
    ],
  },
];
