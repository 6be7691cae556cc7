import { documented, everyVersion, issue, istio, istioDocs, type Law, read, run, tested, ztunnel } from '../law.js';

const endpoints = 'pilot/pkg/xds/endpoints/endpoint_builder.go';
const virtualServices = 'pilot/pkg/model/virtualservice.go';
const workloads = 'pilot/pkg/serviceregistry/ambient/workloads.go';

/** What sidecars, ambient and callers outside the mesh do to each other. */
export const interplay: readonly Law[] = [
  {
    id: '§4.2',
    title: 'How each kind of caller arrives',
    statements: [
      'A sidecar at a sidecar: mutual TLS. At an ambient pod: HBONE with its identity, past any waypoint (I-02).',
      'An ambient pod at an ambient pod: HBONE, through the waypoint of what it addressed. At a sidecar: HBONE if the sidecar listens for it, else plaintext.',
      'An ingress gateway: mutual TLS or HBONE with its identity, through a waypoint only by label (W-60).',
      'A caller outside the mesh: plaintext without identity, past any waypoint (I-06).',
      'Anybody at a pod outside the mesh: plaintext.',
    ],
    versions: everyVersion,
    sources: [
      istio(endpoints),
      istio(workloads, 'setTunnelProtocol'),
      ztunnel('src/proxy/outbound.rs', 'build_request'),
    ],
    confirmed: [read, tested('`TestWaypointWithSidecarBackend` and `TestIngress`')],
  },
  {
    id: 'I-01',
    title: 'Whose routes apply to whose requests',
    statements: [
      'A route in the Service’s namespace (a producer route) is obeyed by sidecars of callers and by a waypoint that can see it. Without a waypoint it does nothing for ambient callers.',
      'A route in the caller’s namespace (a consumer route) is obeyed by sidecars there and by nothing in ambient.',
      'A route in the namespace of a waypoint that stands elsewhere than the Service is obeyed by that waypoint.',
      'DestinationRules go the same way.',
      'An ingress gateway obeys only routes that name it.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/listener_waypoint.go', 'getVirtualServiceForWaypoint'),
      istio(virtualServices, 'SelectVirtualServices'),
      istio('pilot/pkg/model/push_context.go', 'destinationRule'),
    ],
    confirmed: [read],
  },
  {
    id: 'I-01b',
    title: 'Several VirtualServices at a sidecar',
    statements: ['For one host the oldest that is visible counts, and nothing is merged.'],
    versions: everyVersion,
    sources: [
      istio(virtualServices),
      istio('pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go'),
    ],
    confirmed: [read],
  },
  {
    id: 'I-01c',
    title: 'Settings of one caller have no place in ambient',
    statements: [
      'A waypoint reads no routes of callers’ namespaces, and its routes cannot tell callers apart by namespace or label (T-12, T-13).',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/listener_waypoint.go', 'getVirtualServiceForWaypoint', 'waypointInboundRoute'),
    ],
    confirmed: [read],
  },
  {
    id: 'I-02',
    title: 'Sidecars bypass waypoints',
    statements: [
      'A caller with a sidecar connects straight to the pods of an ambient Service, with its own identity and its own routes. Policies and routes at the waypoint are not evaluated; the pods’ own policies at ztunnel are.',
      'Builds of Istio by other vendors may differ.',
    ],
    versions: everyVersion,
    sources: [istio(endpoints, 'findServiceWaypoint'), issue(51445), issue(57729), issue(61620)],
    confirmed: [read],
  },
  {
    id: 'I-03',
    title: 'Ambient callers of sidecars under STRICT',
    statements: ['They are refused until the sidecar has been restarted to listen for HBONE (E-24).'],
    versions: everyVersion,
    sources: [istio(workloads, 'setTunnelProtocol'), istioDocs('ambient/migrate/install-ambient-components/index.md')],
    confirmed: [read],
  },
  {
    id: 'I-04',
    title: 'How a waypoint reaches pods',
    statements: [
      'By HBONE: ambient pods, and sidecars that listen for it. Only endpoints of a Service that are outside the mesh get plaintext, or the TLS of a DestinationRule.',
      'What is addressed to a pod itself it sends on by HBONE, also where the pod does not listen on it; the caller then gets 503.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_waypoint.go'),
      istio('pilot/pkg/networking/core/listener_waypoint.go', 'EncapClusterName'),
    ],
    confirmed: [read, run('a pod without HBONE that is addressed itself')],
  },
  {
    id: 'I-06',
    title: 'Callers outside the mesh bypass waypoints',
    statements: [
      'They go straight to the pods, in plaintext. Keeping them out needs STRICT, or a policy that admits the waypoint only.',
    ],
    versions: everyVersion,
    sources: [istioDocs('ambient/usage/waypoint/index.md')],
    confirmed: [documented],
  },
  {
    id: 'I-07',
    title: 'What sidecars of clients go by after the server has moved',
    statements: [
      'Their VirtualServices, DestinationRules and Sidecars, for as long as the client has a sidecar. So both forms of a route stand beside each other on the way.',
    ],
    versions: everyVersion,
    sources: [istioDocs('ambient/migrate/migrate-policies/index.md')],
    confirmed: [documented],
  },
  {
    id: 'I-09',
    title: 'A sidecar and the bare address of a pod',
    statements: [
      'A sidecar knows Services and not pods: what is addressed to a pod’s own address it passes on as it came, in plaintext and without identity.',
      'A Service without a virtual IP puts a listener at the address of each of its pods, for its ports that are not HTTP: what is addressed there goes as if the Service were. A pod has none for itself.',
      'A port for which it has a listener for requests (T-97) it takes at a pod’s address too: a request whose Host names something that it knows there is led as if that were addressed (T-92), and any other passes.',
      'A gateway sends to Services only.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_builder.go', 'buildDefaultPassthroughCluster'),
      istio('pilot/pkg/networking/core/listener.go', 'buildSidecarOutboundListeners'),
      issue(37431),
    ],
    confirmed: [read, run('a pod of a headless Service that is addressed itself')],
  },
];
