import { documented, everyVersion, issue, istio, istioApi, istioDocs, type Law, read, ztunnel } from '../law.js';

const ambient = 'pilot/pkg/serviceregistry/ambient/waypoints.go';
const services = 'pilot/pkg/serviceregistry/ambient/services.go';
const deployment = 'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go';
const template = 'manifests/charts/istio-control/istio-discovery/files/waypoint.yaml';
const features = 'pilot/pkg/features/ambient.go';
const command = 'istioctl/pkg/waypoint/waypoint.go';

/** Waypoints: what they are, what is bound to them, and what passes them. */
export const waypoints: readonly Law[] = [
  {
    id: 'W-01',
    title: 'What makes a Gateway a waypoint',
    statements: [
      'The class `istio-waypoint`, and one listener of protocol HBONE on port 15008. With any other set of listeners the Gateway is not accepted, and no waypoint is deployed.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/config/kube/gateway/conversion.go'), istio(command, 'makeGateway'), istio(deployment)],
    confirmed: [read],
  },
  {
    id: 'W-02',
    title: 'Where HBONE may be a protocol',
    statements: ['A listener of protocol HBONE is accepted for waypoints and east-west gateways only.'],
    versions: everyVersion,
    sources: [istio('pilot/pkg/config/kube/gateway/conversion.go')],
    confirmed: [read],
  },
  {
    id: 'W-03',
    title: 'The pods of a waypoint',
    statements: [
      'istiod makes them. They carry `gateway.istio.io/managed: istio.io-mesh-controller` and `gateway.networking.k8s.io/gateway-name` with the Gateway’s name.',
    ],
    versions: everyVersion,
    sources: [istio(template), istio(deployment)],
    confirmed: [read],
  },
  {
    id: 'W-04',
    title: 'Gateway classes',
    statements: [
      '`istio-waypoint` is a waypoint, `istio-east-west` connects networks, `istio-remote` stands for a gateway that runs elsewhere, and `istio` is ingress.',
      'At `istio-agentgateway-waypoint` (1.31, behind `PILOT_ENABLE_AGENTGATEWAY`) only routes of the Gateway API are applied: no AuthorizationPolicy, VirtualService, DestinationRule or other API of Istio.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/config/kube/gatewaycommon/classinfo.go'),
      istioDocs('ambient/usage/agentgateway/index.md'),
    ],
    confirmed: [read],
  },
  {
    id: 'W-05',
    title: '`none` is no name for a waypoint',
    statements: [
      'In `istio.io/use-waypoint` it means that the object wants none, so a Gateway of that name is never found.',
    ],
    versions: everyVersion,
    sources: [istio(ambient, 'getUseWaypoint'), istio(command, 'makeGateway')],
    confirmed: [read],
  },
  {
    id: 'W-10',
    title: 'What can name a waypoint',
    statements: [
      '`istio.io/use-waypoint` on a Namespace, Service, ServiceEntry, Pod or WorkloadEntry.',
      '`istio.io/use-waypoint-namespace` is read from the same object; without it the waypoint is in the object’s own namespace.',
    ],
    versions: everyVersion,
    sources: [
      istio(ambient, 'getUseWaypoint', 'fetchWaypointForTarget'),
      istioApi('label/labels.yaml', 'istio.io/use-waypoint'),
    ],
    confirmed: [read],
  },
  {
    id: 'W-11',
    title: 'The object’s label is final',
    statements: [
      'The label of the object counts before its namespace’s. Where it says `none`, or names a waypoint that is missing, not ready or closed to it, the object has none: there is no way back to the namespace’s label.',
      'Only an object without the label inherits.',
    ],
    versions: everyVersion,
    sources: [istio(ambient, 'fetchWaypointForTarget', 'fetchWaypointForService')],
    confirmed: [read],
  },
  {
    id: 'W-12',
    title: 'Annotations of that name are ignored',
    statements: ['`istio.io/use-waypoint` and `istio.io/use-waypoint-namespace` are labels.'],
    versions: everyVersion,
    sources: [istio(ambient, 'getUseWaypoint'), issue(57350)],
    confirmed: [read],
  },
  {
    id: 'W-13',
    title: 'The address that is called decides which waypoint is used',
    statements: [
      'A call to a Service’s name or virtual IP goes by the waypoint of that Service or ServiceEntry; a call to a pod’s own address by the waypoint of the pod.',
      'No call passes both.',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/proxy/outbound.rs', 'build_request'), issue(57764), issue(52527)],
    confirmed: [read],
  },
  {
    id: 'W-14',
    title: 'Which traffic a waypoint serves',
    statements: [
      '`istio.io/waypoint-for` on the Gateway, else on its class, else `service`. The values are `service`, `workload`, `all` and `none`.',
      'A Service or ServiceEntry is bound only to a waypoint for `service` or `all`, a pod only to one for `workload` or `all`. Otherwise the label binds nothing.',
    ],
    versions: everyVersion,
    sources: [istio(ambient, 'makeWaypoint', 'fetchWaypointForService')],
    confirmed: [read],
  },
  {
    id: 'W-15',
    title: 'What a waypoint for Services does not see',
    statements: [
      'Traffic that is addressed to pods: by their own address, or by the name of a Service without a virtual IP. It goes past the waypoint, even where the namespace names one.',
    ],
    versions: everyVersion,
    sources: [istio(ambient, 'makeWaypoint'), istioDocs('ambient/usage/waypoint/index.md')],
    confirmed: [read],
  },
  {
    id: 'W-17',
    title: 'Whom a waypoint admits',
    statements: [
      '`allowedRoutes.namespaces` of its listener says which namespaces may use it: by default its own, else `All` or a selector on their labels. An object of another namespace is bound to nothing.',
    ],
    versions: everyVersion,
    sources: [istio(ambient, 'makeAllowedRoutes', 'AllowsAttachmentFromNamespace')],
    confirmed: [read],
  },
  {
    id: 'W-18',
    title: 'Services that never have a waypoint',
    statements: [
      'Those of waypoints and east-west gateways themselves. Services of type ExternalName are nothing to ambient at all.',
    ],
    versions: everyVersion,
    sources: [istio(services)],
    confirmed: [read],
  },
  {
    id: 'W-20',
    title: 'Canary waypoints',
    statements: [
      'With `istio.io/use-waypoint-canary` and a weight in an annotation, a Service, ServiceEntry or Namespace sends a part of its traffic to a second waypoint.',
      'Policies for the first Gateway do not hold at the second.',
      'An invalid canary is ignored.',
    ],
    versions: '1.31, alpha',
    sources: [istio(ambient, 'getUseWaypointCanary', 'getCanaryWeight', 'buildWeightedWaypoints')],
    confirmed: [read],
  },
  {
    id: 'W-30',
    title: 'When a waypoint is there for istiod',
    statements: ['Once its Gateway has an address in its status, which it gets when a pod of it was ready, and keeps.'],
    versions: everyVersion,
    sources: [istio(ambient, 'gatewayToWaypointTransform', 'getGatewayAddress')],
    confirmed: [read],
  },
  {
    id: 'W-31',
    title: 'A waypoint that is not there is bypassed',
    statements: [
      'Where a label names a waypoint that is missing, was never ready, or does not admit the object, ztunnel sends traffic straight to the pods, and nothing that would be enforced at the waypoint holds.',
    ],
    versions: everyVersion,
    sources: [istio(ambient, 'fetchWaypointForTarget'), istioDocs('ambient/usage/waypoint/index.md')],
    confirmed: [read],
  },
  {
    id: 'W-32',
    title: 'A waypoint that has lost its pods refuses',
    statements: ['Once it had an address, connections that belong to it fail while none of its pods is ready.'],
    versions: everyVersion,
    sources: [ztunnel('src/state.rs', 'fetch_waypoint'), ztunnel('src/proxy/outbound.rs')],
    confirmed: [read],
  },
  {
    id: 'W-34',
    title: 'The ALLOW that istiod can add for waypoints',
    statements: [
      'With `PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, which is off by default, istiod adds a policy `istio_allow_waypoint_<namespace>_<name>` that admits the waypoint at the workloads bound to it. By existing it denies everybody else there.',
    ],
    versions: everyVersion,
    sources: [
      istio(features, 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY'),
      istio('pilot/pkg/serviceregistry/ambient/workloads.go', 'implicitWaypointPolicies'),
    ],
    confirmed: [read],
  },
  {
    id: 'W-35',
    title: 'ztunnel does not insist on the waypoint',
    statements: [
      'Traffic that went around the waypoint is not refused for that. Only a policy at the pods can do it (istio-security §4.3).',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/proxy/inbound.rs', 'validate_destination')],
    confirmed: [read],
  },
  {
    id: 'W-36',
    title: 'Behind a waypoint the caller is the waypoint',
    statements: [
      'A policy at the pods that names clients does not match what comes through the waypoint: it sees the waypoint’s identity.',
    ],
    versions: everyVersion,
    sources: [istioDocs('ambient/usage/l4-policy/index.md'), issue(16586, 'istio/istio.io')],
    confirmed: [documented],
  },
  {
    id: 'W-40',
    title: 'The names of what is deployed for a waypoint',
    statements: [
      'Deployment, Service and ServiceAccount have the name of the Gateway, unless the annotations `gateway.istio.io/name-override` and `gateway.istio.io/service-account` say otherwise. Its identity is that service account in the Gateway’s namespace.',
    ],
    versions: everyVersion,
    sources: [istio(deployment, 'GatewayServiceAccount'), istio(template)],
    confirmed: [read],
  },
  {
    id: 'W-42',
    title: 'Labels and annotations of what is deployed',
    statements: [
      '`infrastructure.labels` and `infrastructure.annotations` take the place of those of the Gateway: what is deployed carries either the ones or the others, never both.',
    ],
    versions: everyVersion,
    sources: [istio(deployment, 'extractInfrastructureLabels')],
    confirmed: [read],
  },
  {
    id: 'W-43',
    title: 'What a ConfigMap may say of what is deployed',
    statements: [
      'The ConfigMap that `infrastructure.parametersRef` names, in the Gateway’s own namespace, is merged into what is deployed by the keys `deployment`, `service`, `serviceAccount`, `horizontalPodAutoscaler` and `podDisruptionBudget`. The last two are made only where their key is there.',
      'Any other key is an error, and without the ConfigMap nothing is deployed.',
    ],
    versions: everyVersion,
    sources: [istio(deployment, 'supportedOverlays', 'requiredOverlays')],
    confirmed: [read],
  },
  {
    id: 'W-45',
    title: 'How large a waypoint is by default',
    statements: ['One replica, asking for 100m CPU and 128Mi memory.'],
    versions: everyVersion,
    sources: [istio('manifests/charts/istio-control/istio-discovery/values.yaml', 'waypoint')],
    confirmed: [read],
  },
  {
    id: 'W-46',
    title: 'What a second replica needs',
    statements: [
      'A ConfigMap that the Gateway names in `infrastructure.parametersRef`, with a HorizontalPodAutoscaler and a PodDisruptionBudget, or with a Deployment of more replicas. Nothing of it is made unless it is asked for.',
    ],
    versions: everyVersion,
    sources: [istio(deployment, 'parametersRef', 'supportedOverlays')],
    confirmed: [read],
  },
  {
    id: 'W-60',
    title: 'Ingress and waypoints',
    statements: [
      'A gateway sends straight to the pods. The label `istio.io/ingress-use-waypoint: "true"` on the Service, ServiceEntry or Namespace sends it through the waypoint, if a working one is bound as well. The object’s label wins over the namespace’s.',
    ],
    versions: everyVersion,
    sources: [istio(services, 'ingressUseWaypoint'), issue(54483), istioDocs('ambient/usage/waypoint/index.md')],
    confirmed: [read],
  },
  {
    id: 'W-61',
    title: 'Where the label for ingress belongs',
    statements: ['On Services, ServiceEntries and Namespaces. On a Gateway nobody reads it.'],
    versions: everyVersion,
    sources: [istio(services, 'ingressUseWaypoint')],
    confirmed: [read],
  },
  {
    id: 'W-62',
    title: 'The flag behind that label',
    statements: [
      '`ENABLE_INGRESS_WAYPOINT_ROUTING` is on wherever ambient is, although its reference page says that it is off.',
    ],
    versions: everyVersion,
    sources: [istio(features, 'ENABLE_INGRESS_WAYPOINT_ROUTING')],
    confirmed: [read],
  },
  {
    id: 'W-63',
    title: 'What a gateway can send through a waypoint',
    statements: [
      'Only what goes to a Service with a virtual IP. A gateway sends nothing to bare pod addresses, and uses no waypoint of workloads.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/xds/endpoints/endpoint_builder.go', 'findServiceWaypoint')],
    confirmed: [read],
  },
  {
    id: 'W-70',
    title: 'NetworkPolicy and the mesh',
    statements: [
      'Mesh traffic arrives on TCP port 15008, whatever port it is for: at ambient pods, at waypoints and at sidecars that take HBONE. A NetworkPolicy that lists ports must let it in.',
      'With 15008 open it no longer tells the ports of an application apart for callers in the mesh; `ports` of an AuthorizationPolicy do.',
    ],
    versions: everyVersion,
    sources: [istioDocs('ambient/usage/networkpolicy/index.md'), issue(52742), issue(56659)],
    confirmed: [documented],
  },
  {
    id: 'W-71',
    title: 'Probes of ambient pods',
    statements: [
      'The CNI agent gives probes of the kubelet the address 169.254.7.127 on their way into an ambient pod, so that ztunnel lets them pass. Plugins for which a NetworkPolicy holds for that address too must be told to let it in.',
    ],
    versions: everyVersion,
    sources: [istioDocs('ambient/usage/networkpolicy/index.md')],
    confirmed: [documented],
  },
  {
    id: 'W-72',
    title: 'NetworkPolicy and waypoints',
    statements: [
      'A NetworkPolicy sees the pods at both ends of a connection: ztunnel and sidecars open theirs in the network namespace of their pod. Through a waypoint there are two, from the pods of the caller to those of the waypoint, and from these to those of the destination.',
      'What callers send straight to the pods need not be let in then, and a NetworkPolicy that does not let it in closes the way around the waypoint.',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/inpod/config.rs', 'InPodSocketFactory'), issue(57661)],
    confirmed: [read],
  },
];
