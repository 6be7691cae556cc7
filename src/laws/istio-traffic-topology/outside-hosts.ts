import { everyVersion, istio, istioDocs, type Law, read, ztunnel } from '../law.js';

const conversion = 'pilot/pkg/config/kube/gateway/conversion.go';

/** What is done for hosts outside the mesh. */
export const outsideHosts: readonly Law[] = [
  {
    id: 'F-40',
    title: 'A route of Gateway API to a host outside the mesh',
    statements: [
      'A backend of group networking.istio.io and kind Hostname names a host that is visible in the namespace of the route, without a namespace of its own.',
    ],
    versions: everyVersion,
    sources: [istio(conversion, 'buildDestination')],
    confirmed: [read],
  },
  {
    id: 'F-41',
    title: 'A route of Gateway API for a ServiceEntry',
    statements: [
      'It is for every host of the ServiceEntry that is its parent; a VirtualService names the hosts that it is for.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/config/kube/gateway/route_collections.go', 'HTTPRouteCollection')],
    confirmed: [read],
  },
  {
    id: 'F-42',
    title: 'TLS that begins on the way to a host outside the mesh',
    statements: [
      'Clients that send HTTP to a port of a ServiceEntry are sent on to its `targetPort`, in the TLS of a DestinationRule for that port.',
      'Without `sni` and without `subjectAltNames` the name in the Host header is asked for, and the certificate must have it. With `sni` alone any certificate of a known authority is taken, whatever its name; and of connections that carry no requests no name is known.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_tls.go', 'constructUpstreamTLS', 'setAutoSniAndAutoSanValidation'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-43',
    title: 'Connections to a host outside the mesh at sidecars',
    statements: [
      'For a port of a ServiceEntry that carries bytes a sidecar listens on the addresses that the entry lists. Without any it listens on every address, unless it answers DNS itself and knows the address that istiod has assigned: then whatever goes to that port and is no other host’s that it knows is sent to the host.',
      'Ports that carry HTTP or TLS are not concerned: requests are told apart by the Host header, and TLS by the name that is asked for.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/service.go', 'GetAddressForProxy', 'nodeUsesAutoallocatedIPs'),
      istio('pilot/pkg/networking/core/listener.go', 'buildSidecarOutboundListener'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-44',
    title: 'The way out through a gateway',
    statements: [
      'A VirtualService for `mesh` leads what sidecars send to a host to the Service of a gateway, and one for the gateway leads it on; each proxy obeys its own, with a timeout and retries of its own.',
      'A Gateway of Gateway API is led on from by routes of Gateway API alone: no VirtualService is bound to it. The Service that istiod makes in front of one that it deploys is a host like any other.',
      'Ambient callers come to the waypoint of a ServiceEntry, which sends on to the host itself.',
    ],
    versions: everyVersion,
    sources: [
      istio(
        'pilot/pkg/networking/core/httproute.go',
        'buildSidecarOutboundVirtualHosts',
        'buildGatewayHTTPRouteConfig',
      ),
      istio(conversion, 'buildDestination'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-46',
    title: 'NetworkPolicies on the way out of the mesh',
    statements: [
      'What a proxy sends for a pod is sent in the network namespace of the pod, by a sidecar and by ztunnel alike, so that NetworkPolicies for the pod decide whether it gets out.',
      'What goes through a waypoint or a gateway is sent by their pods: NetworkPolicies for the caller then decide whether it comes to these, and those for them whether it gets out.',
      'For pods on the network of their node NetworkPolicies do nothing, and they do nothing at all where no network plugin enforces them.',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/inpod/config.rs', 'InPodSocketFactory'), istioDocs('ambient/usage/networkpolicy/index.md')],
    confirmed: [read],
  },
];
