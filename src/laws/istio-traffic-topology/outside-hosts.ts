import { everyVersion, istio, type Law, read } from '../law.js';

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
];
