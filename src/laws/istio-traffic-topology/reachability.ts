import { documented, everyVersion, istio, istioApi, type Law, read, run } from '../law.js';

const pushContext = 'pilot/pkg/model/push_context.go';
const sidecar = 'pilot/pkg/model/sidecar.go';

/** To whom objects are exported, and what each kind of proxy knows of the mesh. */
export const reachability: readonly Law[] = [
  {
    id: 'F-55',
    title: 'To whom routes are exported',
    statements: [
      '`exportTo` of a VirtualService or a DestinationRule names the namespaces whose proxies read it: clients’ sidecars, and for a VirtualService gateways and waypoints.',
      'An HTTPRoute has no such field. What istiod makes of it is exported as `defaultVirtualServiceExportTo` says; with `.` to its own namespace alone, so that a gateway or a waypoint elsewhere does not route by it.',
    ],
    versions: everyVersion,
    sources: [
      istio(pushContext, 'initVirtualServices', 'initDefaultExportMaps'),
      istio('pilot/pkg/config/kube/gateway/route_collections.go', 'HTTPRouteCollection'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-56',
    title: 'What a sidecar is configured for',
    statements: [
      'Without a Sidecar for it, for every Service and every host of a ServiceEntry that is exported to its namespace: a listener or a route, and a cluster of Envoy for each port and each subset.',
      'With one, for the hosts that this imports as `namespace/host`. `*` stands for all hosts of a namespace, `.` for the own namespace, and `~/*` for none.',
      'A VirtualService is imported by its own namespace and one of its hosts, wherever the Service is that it routes. What an imported one leads to gets clusters too, and no listener: it is not known by its own name for that.',
      'DestinationRules are looked up for whatever is imported, and need not be imported themselves.',
    ],
    versions: everyVersion,
    sources: [
      istio(sidecar, 'collectImportedServices', 'selectServices', 'selectDestinationRules'),
      istio('pilot/pkg/model/virtualservice.go', 'SelectVirtualServices'),
    ],
    confirmed: [read, run('what becomes of requests of sidecars whose Sidecar lists some hosts')],
  },
  {
    id: 'F-57',
    title: 'What other proxies are told',
    statements: [
      'ztunnel is told of all Services, hosts of ServiceEntries and pods, with their addresses; no object of a namespace narrows that.',
      'A waypoint gets clusters for what it serves, and for what routes lead to there. A gateway gets those of all Services that are exported to its namespace, or with `PILOT_FILTER_GATEWAY_CLUSTER_CONFIG` of those to which its routes lead.',
      'From 1.31 on `serviceEntryVisibility` of the MeshConfig makes ServiceEntries known to nobody, to their own namespace or to all, by the labels of their namespace; to sidecars it applies only where it says so.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/xds/workload.go', 'GenerateDeltas'),
      istio('pilot/pkg/networking/core/cluster.go', 'filterWaypointOutboundServices'),
      istioApi('mesh/v1alpha1/config.proto', 'ServiceEntryVisibility'),
    ],
    confirmed: [read, { ...documented, what: '`serviceEntryVisibility`' }],
  },
  {
    id: 'F-58',
    title: 'Whom proxies ask themselves',
    statements: [
      'The `service` of an extension provider is looked up in the whole mesh, whatever a Sidecar imports: the proxy is told to ask a cluster by its name.',
      'It has that cluster only where the host is imported. Without it an authorizer is as good as down, so that what a CUSTOM policy selects is refused unless `failOpen` says otherwise, and logs and spans are lost.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/telemetry_logging.go', 'LookupCluster'),
      istio('pilot/pkg/security/authz/builder/extauthz.go', 'processExtensionProvider'),
    ],
    confirmed: [read],
  },
];
