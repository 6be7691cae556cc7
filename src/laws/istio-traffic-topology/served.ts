import { everyVersion, issue, istio, type Law, read } from '../law.js';

const pushContext = 'pilot/pkg/model/push_context.go';
const mergedGateways = 'pilot/pkg/model/gateway.go';
const clusterBuilder = 'pilot/pkg/networking/core/cluster.go';

/** At which gateways routes are served, and what their destinations hang on. */
export const served: readonly Law[] = [
  {
    id: 'S-01',
    title: 'Where a route is served',
    statements: [
      'At the gateways that it names: by `namespace/name`, or by a name of its own namespace. A Gateway is for the pods of gateways that its selector fits, in any namespace.',
      'A server takes routes for the hosts that it names, of the namespaces that it names before them; a listener of the Gateway API takes those of the namespaces that it allows, whose hostnames it has in common with them.',
    ],
    versions: everyVersion,
    sources: [
      istio(pushContext, 'VirtualServicesForGateway'),
      istio('pkg/config/gateway/gateway.go'),
      istio('pilot/pkg/config/kube/gateway/conversion.go', 'referenceAllowed'),
    ],
    confirmed: [read],
  },
  {
    id: 'S-02',
    title: 'Versions that do not exist',
    statements: [
      'A version is what a DestinationRule for its host names. A route to one that none names is answered with 503, and so is a route to one that no pod has the labels of.',
      'Beside the labels of the pods their region, zone, subzone, host name, cluster and network count.',
    ],
    versions: everyVersion,
    sources: [istio(clusterBuilder, 'buildSubsetCluster'), istio('pkg/config/labels/instance.go', 'SubsetOf')],
    confirmed: [read],
  },
  {
    id: 'S-03',
    title: 'Servers of the same pods',
    statements: [
      'On one port plain requests of several Gateways stand beside each other, and so do servers with TLS for different hosts. Anything else leaves the younger server out: plain connections twice or beside requests, and a host whose TLS is ended twice.',
      'Clients use one connection of HTTP/2 for every host of its certificate; another server’s routes are not found there.',
    ],
    versions: everyVersion,
    sources: [istio(mergedGateways, 'mergeGateways', 'CheckDuplicates'), issue(13589)],
    confirmed: [read],
  },
  {
    id: 'S-04',
    title: 'Certificates of gateways',
    statements: [
      'A `credentialName` is a Secret of the namespace of the gateway’s pods, with `tls.crt` and `tls.key`, or with `cert` and `key`. Without it the listener has no certificate to show.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/credentials/kube/secrets.go', 'ExtractCertInfo'), istio('pilot/pkg/xds/sds.go')],
    confirmed: [read],
  },
  {
    id: 'S-05',
    title: 'What tells hosts outside the mesh apart',
    statements: [
      'HTTP by its Host, TLS by the server name, plain TCP by the address alone. A ServiceEntry without addresses is given one by istiod unless its resolution is NONE, and sidecars use that only where they capture DNS: for others it takes its whole port.',
      'A host that is a Service’s is the Service’s; of several ServiceEntries for a host the oldest says what it is.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/service.go', 'GetAddressForProxy', 'nodeUsesAutoallocatedIPs'),
      istio('pilot/pkg/networking/serviceentry/ip_autoallocation.go'),
    ],
    confirmed: [read],
  },
  {
    id: 'S-06',
    title: 'Routes by the claims of tokens',
    statements: [
      'They are compared at gateways, with what a RequestAuthentication for the gateway’s pods has validated. Without one there are no claims.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/networking/core/route/route.go', 'translateMetadataMatch')],
    confirmed: [read],
  },
  {
    id: 'S-07',
    title: 'Patches of routes at a waypoint',
    statements: [
      'An EnvoyFilter that changes a ROUTE_CONFIGURATION, a VIRTUAL_HOST or an HTTP_ROUTE applies at a waypoint to Services without a route. One that changes an HTTP_FILTER applies always.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/networking/core/listener_waypoint.go', 'buildWaypointInboundHTTPRouteConfig')],
    confirmed: [read],
  },
];
