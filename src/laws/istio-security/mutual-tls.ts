import { everyVersion, inferred, issue, istio, istioApi, istioDocs, type Law, read, run, tested } from '../law.js';

const applier = 'pilot/pkg/security/authn/policy_applier.go';
const ambientAuthorization = 'pilot/pkg/serviceregistry/ambient/authorization.go';
const ambientPolicies = 'pilot/pkg/serviceregistry/ambient/policies.go';
const ambientTests = 'tests/integration/ambient/baseline_test.go';

/** PeerAuthentication, at sidecars and in ambient. */
export const mutualTls: readonly Law[] = [
  {
    id: '§5.1',
    title: 'PeerAuthentication at a sidecar',
    statements: [
      'There are three scopes: the root namespace without a selector (the mesh), another namespace without one, and a selector in a namespace. An empty selector counts as none, and a selector in the root namespace is ignored.',
      'Of several in one scope the oldest counts, and the others are ignored.',
      'The mode is the nearest that is set: workload, namespace, mesh, else PERMISSIVE. UNSET is not set.',
      '`portLevelMtls` needs a selector and goes by the port of the pod, never of the Service. A mode that is set there wins for that port.',
      'STRICT takes mutual TLS or HBONE only, PERMISSIVE plaintext as well, DISABLE plaintext only. Callers with a sidecar see a DISABLE and call in plaintext; they also do where namespace or mesh say DISABLE and a workload says otherwise.',
    ],
    versions: everyVersion,
    sources: [istio(applier, 'ComposePeerAuthentication'), istioApi('security/v1beta1/peer_authentication.proto')],
    confirmed: [tested('`TestComposePeerAuthentication` and `TestInboundMTLSSettings`')],
  },
  {
    id: '§5.2',
    title: 'PeerAuthentication in ambient',
    statements: [
      'istiod turns it into DENY policies for ztunnel: who shows no identity is refused, on all ports or on some.',
      'STRICT with PERMISSIVE or DISABLE ports refuses plaintext everywhere but there; PERMISSIVE or DISABLE with STRICT ports refuses it only there. §5.4 lists the exceptions.',
      'DISABLE is the same as PERMISSIVE: HBONE is still accepted, and ztunnel still uses it.',
      'At a waypoint it has no effect: a waypoint always wants mutual TLS.',
      'A policy in the root namespace with an empty selector is not found by other namespaces, although a sidecar takes it for the mesh’s.',
    ],
    versions: everyVersion,
    sources: [
      istio(ambientAuthorization, 'convertPeerAuthentication'),
      istio(ambientPolicies),
      istio('pilot/pkg/serviceregistry/ambient/workloads.go', 'convertedSelectorPeerAuthentications'),
    ],
    confirmed: [read, tested('the golden files peer-authn of istiod')],
  },
  {
    id: '§5.3',
    title: 'Whom STRICT keeps out',
    statements: [
      'All plaintext traffic, from pods outside the mesh or on the host network, load balancers that lead to pods, ingress without a mesh identity, and the API server when it calls an admission webhook, a conversion webhook or an aggregated API.',
      'The API server shows no certificate of the mesh, so that no policy knows it but by its address. Its own TLS is bytes to proxies, and a sidecar has no place for it on a port that declares HTTP.',
      'In ambient no HBONE peer of the same trust domain is kept out, and probes of the kubelet are exempt.',
      'At a sidecar the injector leads the kubelet’s probes to port 15020, unless `sidecar.istio.io/rewriteAppHTTPProbers` of the pod is false; a value that is no boolean leaves the default. A probe that is not rewritten is sent in plaintext from the node and is decided on as any request; a `tcpSocket` probe succeeds whatever is decided, for the proxy accepts the connection first.',
      'Ports 15020, 15021 and 15090 of sidecars are captured by nothing, and open to plaintext whatever STRICT and policies say. 15020 can carry the application’s metrics. Gateways answer on 15021 and 15090.',
    ],
    versions: everyVersion,
    sources: [
      istio(ambientTests, 'TestPeerAuthentication', 'TestMTLS'),
      istio('tests/integration/security/reachability_test.go'),
      istio('manifests/charts/istio-control/istio-discovery/files/injection-template.yaml'),
      istio('pkg/kube/inject/app_probe.go', 'ShouldRewriteAppHTTPProbers'),
      istio('pilot/pkg/networking/core/filterchain_options.go'),
      issue(22316),
      issue(52874),
    ],
    confirmed: [read, tested('`TestPeerAuthentication` and `TestMTLS`'), run('the ports that are never captured')],
  },
  {
    id: '§5.4',
    title: 'Where PeerAuthentication means something else in ambient',
    statements: [
      'a) A workload that sets no mode itself, below STRICT, whose only exceptions are DISABLE ports: at a sidecar plaintext gets in on these ports, in ambient it is refused.',
      'b) STRICT for the mesh, a policy in the namespace that is there and UNSET, a workload UNSET with a PERMISSIVE port: at a sidecar plaintext is refused on the other ports, in ambient it gets in on all of them.',
      'c) STRICT for the mesh, the namespace silent or UNSET, a workload PERMISSIVE or DISABLE with a STRICT port: at a sidecar plaintext is refused on that port, in ambient it gets in.',
      'Otherwise both agree. STRICT with PERMISSIVE ports, every mode written out, means the same to both.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/serviceregistry/ambient/workloads.go', 'convertedSelectorPeerAuthentications'),
      istio(ambientAuthorization, 'convertPeerAuthentication'),
      istio(applier, 'ComposePeerAuthentication'),
    ],
    confirmed: [
      inferred('from a transcription of these functions, which was run over 7,575 combinations of modes and ports'),
    ],
  },
  {
    id: '§5.5',
    title: 'Who reaches whom under STRICT',
    statements: [
      'Ambient to ambient, and waypoints to pods: HBONE.',
      'Ambient to a sidecar: HBONE if the sidecar listens for it (`networking.istio.io/tunnel: http`); else plaintext, which is refused.',
      'A sidecar to ambient: HBONE, also where a DestinationRule says ISTIO_MUTUAL or DISABLE, but not to a Service without a virtual IP.',
      'A sidecar to a sidecar: mutual TLS.',
      'A pod outside the mesh to either: refused. Either to a pod outside the mesh: plaintext, for the calling side enforces no PeerAuthentication.',
    ],
    versions: `${everyVersion}; the DestinationRule since 1.26`,
    sources: [
      istio('pilot/pkg/xds/endpoints/endpoint_builder.go'),
      istio('pilot/pkg/serviceregistry/ambient/workloads.go', 'setTunnelProtocol'),
      istioDocs('ambient/migrate/install-ambient-components/index.md'),
      issue(54914),
      issue(54921),
    ],
    confirmed: [read, run('sidecars that call ambient pods, and headless Services')],
  },
  {
    id: '§5.6',
    title: 'Mutual TLS that nobody asked for',
    statements: [
      'Sidecars and gateways speak mutual TLS of themselves, to pods with a sidecar, by the mode that they infer (§5.1).',
      'With `enableAutoMtls: false` in the MeshConfig they speak plaintext wherever no DestinationRule says ISTIO_MUTUAL, also to Services without a virtual IP.',
      'HBONE is no matter of this: to ambient pods, and to sidecars that listen for it, it is spoken all the same.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/cluster_tls.go', 'buildUpstreamTLSSettings'),
      istio('pilot/pkg/networking/core/cluster_tls.go', 'applyHBONETransportSocketMatches'),
    ],
    confirmed: [read],
  },
];
