import { everyVersion, istio, type Law, read } from '../law.js';

/** Where istiod takes from what holds for the whole mesh. */
export const installation: readonly Law[] = [
  {
    id: '§9.1',
    title: 'Where istiod reads its MeshConfig',
    statements: [
      'From key `mesh` of ConfigMap `istio` in its own namespace; an istiod of another revision than `default` from `istio-<revision>`.',
      '`SHARED_MESH_CONFIG` names a second ConfigMap that is applied first, so that what the first says goes before it. Trust domain aliases and extension providers of both count, and of one name the first.',
      'A field that istiod does not know is ignored without an error. A value that a field does not take makes it refuse the whole text: one that starts does not come up, and one that runs keeps what it had.',
      'What is said of proxies in general the annotation `proxy.istio.io/config` of a pod replaces field by field; `gatewayTopology` is one field.',
      'A feature flag that is set to neither true nor false keeps its default, with a line in the log.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/bootstrap/mesh.go'),
      istio('pkg/config/mesh/mesh.go', 'ApplyMeshConfig'),
      istio('pkg/config/mesh/mesh.go', 'MergeProxyConfig'),
    ],
    confirmed: [read],
  },
  {
    id: '§9.2',
    title: 'The namespaces that istiod watches',
    statements: [
      'With `discoverySelectors` those whose labels satisfy one of them; without, all. The root namespace must be selected as any other.',
      'Of the others istiod reads nothing: no policies, no DestinationRules, no Services, no pods.',
      'Injection does not ask: a pod there may have a sidecar, and its certificate.',
    ],
    versions: everyVersion,
    sources: [istio('pkg/kube/namespace/filter.go'), istio('pilot/pkg/config/kube/crdclient/client.go')],
    confirmed: [read],
  },
  {
    id: '§9.4',
    title: 'To whom an object is exported that does not say',
    statements: [
      '`defaultServiceExportTo`, `defaultVirtualServiceExportTo` and `defaultDestinationRuleExportTo` say it; istiod heeds `.` before `*`, and nothing else in them.',
      'A Service or VirtualService is for nobody where the list has neither; a DestinationRule is then for all.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/model/push_context.go', 'initDefaultExportMaps')],
    confirmed: [read],
  },
];
