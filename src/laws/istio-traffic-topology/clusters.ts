import { documented, everyVersion, inferred, issue, istio, istioDocs, type Law, read, ztunnel } from '../law.js';

const features = 'pilot/pkg/features/ambient.go';
const networkFilter = 'pilot/pkg/xds/endpoints/ep_filters.go';
const limitations = 'ambient/install/multicluster/_index.md';

/** Several clusters and networks. */
export const clusters: readonly Law[] = [
  {
    id: 'M-01',
    title: 'Several networks in ambient',
    statements: [
      'Alpha in 1.27 and beta from 1.29 on, and only with `AMBIENT_ENABLE_MULTI_NETWORK` of istiod, which is off by default.',
    ],
    versions: everyVersion,
    sources: [istio(features, 'EnableAmbientMultiNetwork')],
    confirmed: [read],
  },
  {
    id: 'M-02',
    title: 'What is supported in ambient',
    statements: [
      'Several primaries in several networks. Ambient clusters that share one network are alpha and untested, and primary-remote is not supported.',
    ],
    versions: '1.29 to 1.31',
    sources: [istioDocs(limitations), issue(58133), issue(60985)],
    confirmed: [documented],
  },
  {
    id: 'M-03',
    title: 'Several networks with sidecars',
    statements: [
      'Sidecars reach other networks through gateways that pass mutual TLS on (port 15443). Sidecars and ambient pods of different clusters in one mesh are not supported.',
    ],
    versions: everyVersion,
    sources: [istioDocs(limitations), istio('releasenotes/notes/57878.yaml')],
    confirmed: [documented],
  },
  {
    id: 'M-13',
    title: 'What ambient sends to another network',
    statements: [
      'Only what is addressed to a Service; a pod’s address is not reached. It travels in HBONE twice over, the outer one to the east-west gateway.',
    ],
    versions: '1.29 to 1.31',
    sources: [ztunnel('src/proxy/outbound.rs', 'build_request_through_gateway')],
    confirmed: [read],
  },
  {
    id: 'M-15',
    title: 'What an ambient east-west gateway lets through',
    statements: ['Traffic with mutual TLS of the mesh, and no plaintext.'],
    versions: '1.29 to 1.31',
    sources: [istioDocs('ambient/install/multicluster/multi-primary_multi-network/index.md')],
    confirmed: [documented],
  },
  {
    id: 'M-24',
    title: 'Every cluster wants the same objects',
    statements: [
      'Services, their labels and the names of waypoints must be the same in all clusters. Istio copies none of them: each control plane goes by its own cluster’s objects, and policies are each cluster’s own.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/serviceregistry/ambient/multicluster.go', 'mergeServiceInfosWithCluster'),
      istioDocs(limitations),
      issue(60985),
    ],
    confirmed: [read],
  },
  {
    id: 'M-30',
    title: 'Sidecars and ambient pods across networks',
    statements: [
      'Neither reaches the other. Sidecars take gateways with a port for mutual TLS only, ambient proxies those with a port for HBONE only.',
      'So callers and callees in different networks must be of one kind, and a mesh of both kinds needs two gateways a network.',
    ],
    versions: '1.29 to 1.31; not known for 1.28',
    sources: [istio(networkFilter, 'selectNetworkGateways'), issue(57877), issue(57878), issue(61704)],
    confirmed: [read],
  },
  {
    id: 'M-31',
    title: 'Ingress gateways and other networks',
    statements: [
      'With `AMBIENT_ENABLE_MULTI_NETWORK` an ingress gateway drops all endpoints of other networks, unless `AMBIENT_ENABLE_MULTI_NETWORK_INGRESS` is on as well; then it uses gateways that take HBONE only. Ingress through port 15443 ends either way.',
    ],
    versions: '1.29 to 1.31',
    sources: [
      istio(networkFilter, 'EndpointsByNetworkFilter'),
      istio(features, 'AMBIENT_ENABLE_MULTI_NETWORK_INGRESS'),
      issue(60609),
    ],
    confirmed: [read],
  },
  {
    id: 'M-42',
    title: 'Virtual machines',
    statements: [
      'Ambient does not take them. A WorkloadEntry that names a service account speaks for a machine with a sidecar.',
    ],
    versions: everyVersion,
    sources: [istioDocs('ambient/migrate/before-you-begin/index.md')],
    confirmed: [documented, inferred('that a service account means a sidecar')],
  },
];
