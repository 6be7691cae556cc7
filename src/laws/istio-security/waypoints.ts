import { everyVersion, issue, istio, type Law, read, run, tested, ztunnel } from '../law.js';

const endpoints = 'pilot/pkg/xds/endpoints/endpoint_builder.go';
const ambientWaypoints = 'pilot/pkg/serviceregistry/ambient/waypoints.go';
const deployment = 'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go';

/** What passes a waypoint, and as whom it arrives. */
export const waypoints: readonly Law[] = [
  {
    id: '§4.1',
    title: 'Who sees which caller',
    statements: [
      'A waypoint sees the identity of the original client, or the gateway’s where a gateway calls. Pods behind a waypoint see the waypoint’s identity and address.',
      'So an ALLOW by caller at the pods refuses what comes through the waypoint, and a DENY by caller there does not stop it.',
      'At a waypoint `ipBlocks` and `source.ip` match no client: a positive block never matches, a negative one always. `remoteIpBlocks` see the client’s pod, or whatever the client writes into X-Forwarded-For.',
      'A waypoint sees the virtual IP and the Service’s port when the Service was addressed, and the pod’s when the pod was. ztunnel and sidecars see the pod’s address and port.',
      'A caller outside the mesh shows no identity. Its address is whatever is left after translation on the way.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/xds/filters/filters.go', 'ConnectAuthorityFilter'),
      ztunnel('src/proxy/outbound.rs', 'build_request'),
      issue(46982),
      issue(16586, 'istio/istio.io'),
    ],
    confirmed: [read, run('what addresses a waypoint sees, in 1.29.6 and 1.31.0-rc.0')],
  },
  {
    id: '§4.2',
    title: 'The identity of waypoints and gateways',
    statements: [
      'A waypoint calls as `<trust domain>/ns/<namespace of the Gateway>/sa/<name of the Gateway>`; an ingress gateway of class `istio` as `<name>-istio`. The annotation `gateway.istio.io/service-account` names another account.',
      'An identity is a service account and no more: workloads that share one cannot be told apart.',
    ],
    versions: everyVersion,
    sources: [
      istio(deployment, 'GatewayServiceAccount'),
      istio('pilot/pkg/config/kube/gatewaycommon/gateway_utils.go', 'GetDefaultName'),
    ],
    confirmed: [read],
  },
  {
    id: '§4.3',
    title: 'Nothing but policy forces traffic through a waypoint',
    statements: [
      'ztunnel does not ask whether a connection came through the waypoint.',
      'Two kinds of policy at the pods make it so: an ALLOW of the waypoint’s principal, or a DENY of every principal but the waypoint’s, which refuses plaintext as well. Either must select pods, and speak of nothing that ztunnel cannot see.',
      'With `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, which is off by default, istiod adds such an ALLOW for every workload that is bound to a waypoint. It makes these workloads default-deny at ztunnel.',
      'An ALLOW at the pods that forgets the waypoint refuses all that comes through it.',
      'Where the waypoint is the only way in, the pods no longer see who calls, so rules by caller belong at the waypoint.',
    ],
    versions: everyVersion,
    sources: [
      ztunnel('src/proxy/inbound.rs', 'validate_destination'),
      istio('pilot/pkg/features/ambient.go', 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY'),
      istio('pilot/pkg/serviceregistry/ambient/policies.go', 'implicitWaypointPolicy'),
      issue(16586, 'istio/istio.io'),
    ],
    confirmed: [read, tested('`TestDefaultAllowWaypointPolicy`, for the policy that istiod adds')],
  },
  {
    id: '§4.4',
    title: 'Ports and addresses mean something else at a waypoint',
    statements: [
      '`ports`, `destination.port` and `destination.ip` are the pod’s at ztunnel and sidecars, and the Service’s at a waypoint. A policy that names one cannot be moved from one to the other.',
      'A Service without a virtual IP whose port is not its target port: callers arrive on the Service’s port.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/listener_waypoint.go'),
      issue(46982),
      issue(49098),
      issue(3075, 'istio/api'),
    ],
    confirmed: [read, run('the port of callers of headless Services')],
  },
  {
    id: '§4.5',
    title: 'Which traffic goes through a waypoint',
    statements: [
      'Ambient callers go through the waypoint of a Service when they address it by name or virtual IP. They go through the waypoint of a pod or namespace when they address the pod, if `istio.io/waypoint-for` covers workloads.',
      'Sidecars never do, whichever address they use. Ingress gateways do only for a Service that carries `istio.io/ingress-use-waypoint` and has a virtual IP. Callers outside the mesh and pods on the host network never do: they arrive in plaintext, without identity.',
      'A label that names a waypoint which is missing, has no address yet, does not admit the namespace, or is for other traffic, binds nothing: traffic goes straight to the pods.',
      'A waypoint that once had an address stays bound. Without pods, connections fail.',
      'From the waypoint to the pods traffic is HBONE with the waypoint’s identity.',
      'Ambient callers reach a pod with a sidecar by HBONE if it carries `networking.istio.io/tunnel: http`, and otherwise in plaintext, which STRICT refuses. Sidecars reach ambient pods by HBONE, also where a DestinationRule says ISTIO_MUTUAL or DISABLE.',
      'A sidecar that calls a Service without a virtual IP opens no HBONE: ambient pods see plaintext without identity.',
      'To such a Service a sidecar decides once for all pods: mutual TLS by the mode of namespace and mesh, plaintext to all as soon as one has no sidecar. Its callers arrive on the port of the Service, whatever `targetPort` says; those of a gateway do not.',
      'With `subjectAltNames` in a DestinationRule of mode ISTIO_MUTUAL, mutual TLS fails where the pod shows another certificate. HBONE does not look at them.',
      'A Service that is not exported to the namespace of a client (`networking.istio.io/exportTo`) is called in plaintext by sidecars there, and not at all by gateways.',
    ],
    versions: `${everyVersion}; the DestinationRule since 1.26`,
    sources: [
      istio(endpoints, 'findServiceWaypoint'),
      istio(ambientWaypoints, 'fetchWaypointForTarget', 'fetchWaypointForService'),
      istio('pilot/pkg/serviceregistry/ambient/workloads.go', 'setTunnelProtocol'),
      istio('pilot/pkg/networking/core/cluster_tls.go', 'buildUpstreamTLSSettings', 'applyHBONETransportSocketMatches'),
      istio('pilot/pkg/model/push_context.go', 'BestEffortInferServiceMTLSMode', 'IsServiceVisible'),
      ztunnel('src/proxy/outbound.rs', 'build_request'),
      ztunnel('src/state.rs', 'fetch_waypoint'),
      issue(39439),
      issue(51445),
      issue(53526),
      issue(54914),
      issue(54921),
    ],
    confirmed: [
      read,
      tested('`TestAmbientIndex_WaypointConfiguredOnlyWhenReady`, `TestWaypointWithSidecarBackend`, `TestDirect`'),
      run('DestinationRules towards ambient pods, headless Services, and the choice between sidecars'),
    ],
  },
];
