import { envoy, everyVersion, istio, istioApi, type Law, read, run, ztunnel } from '../law.js';

const clusterPolicy = 'pilot/pkg/networking/core/cluster_traffic_policy.go';
const clusterTls = 'pilot/pkg/networking/core/cluster_tls.go';

/** What DestinationRules can ask of which proxy. */
export const endpoints: readonly Law[] = [
  {
    id: 'T-41',
    title: 'How ztunnel chooses a pod',
    statements: [
      'For each connection one of the healthy pods, at random and by weight, those that are near first where the Service says so. It knows no DestinationRule.',
    ],
    versions: everyVersion,
    sources: [ztunnel('src/state.rs', 'load_balance')],
    confirmed: [read],
  },
  {
    id: 'F-10',
    title: 'What a DestinationRule asks of proxies',
    statements: [
      'An algorithm, or a hash that goes before it; a warm-up, which only LEAST_REQUEST and ROUND_ROBIN have; limits of connections and requests; outlier detection.',
      'Limits on requests under way mean nothing to a proxy of TCP; the one on waiting requests is for waiting connections there. `idleTimeout` of `http` goes before that of `tcp` where requests are seen, and connections of TCP have the latter alone.',
      'Outlier detection counts answers of 5xx unless that is set to 0; what is not written is as Envoy has it, but for the panic threshold, which is 0.',
    ],
    versions: everyVersion,
    sources: [
      istio(clusterPolicy, 'applyConnectionPool', 'applyOutlierDetection', 'applyLoadBalancer', 'setWarmup'),
      istioApi('networking/v1alpha3/destination_rule.proto', 'ConnectionPoolSettings'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-11',
    title: 'Where no pod is chosen',
    statements: [
      'A sidecar sends requests to a Service without virtual IP on to the address that was asked for, and so with PASSTHROUGH: algorithm, hash, locality and outlier detection have no effect there, and a route from another Service leads back to the pods of that.',
      'It looks at no single pod then: it opens no tunnel to ambient pods, and speaks mutual TLS where all pods of the Service do, or else plaintext to all.',
      'ztunnel likewise sends what is for the address of a pod to that pod.',
      'A waypoint is asked for the virtual IP of a Service, and with PASSTHROUGH would send to that. A gateway sends to pods of a Service without virtual IP as to any; with PASSTHROUGH it knows no address, and answers 503.',
    ],
    versions: everyVersion,
    sources: [
      istio(clusterPolicy, 'applyTrafficPolicy', 'applyLoadBalancer'),
      istio('pilot/pkg/networking/core/cluster.go', 'convertResolution'),
      istio('pilot/pkg/model/push_context.go', 'BestEffortInferServiceMTLSMode'),
    ],
    confirmed: [read, run('sidecars that call Services without virtual IP, or with PASSTHROUGH')],
  },
  {
    id: 'F-12',
    title: 'Who can read certificates for TLS to pods',
    statements: [
      'A sidecar takes `credentialName` only from a DestinationRule with a `workloadSelector`, and otherwise sends plaintext. A waypoint or gateway reads the Secret in its own namespace.',
      'Files are those of the proxy itself: a waypoint that Istio deploys has none.',
      'Without `caCertificates` and without a Secret a proxy takes certificates that the authorities of its own system vouch for.',
      'With `sni` and without `subjectAltNames` a proxy takes certificates for any name. With neither the certificate has to be for the host of the request.',
      'TLS of mode SIMPLE or MUTUAL replaces automatic mutual TLS at sidecars and gateways. A waypoint speaks it within HBONE.',
    ],
    versions: everyVersion,
    sources: [
      istio(
        clusterTls,
        'buildUpstreamClusterTLSContext',
        'constructUpstreamTLS',
        'buildUpstreamTLSSettings',
        'setAutoSniAndAutoSanValidation',
      ),
      istio('pilot/pkg/networking/core/cluster_waypoint.go', 'buildWaypointTLSContext'),
    ],
    confirmed: [read],
  },
  {
    id: 'F-13',
    title: 'Affinity by the address of callers',
    statements: [
      'A sidecar hashes the address of its own pod, so that each caller keeps to one pod; a gateway that of the peer.',
      'Out of a tunnel of HBONE comes an internal address of Envoy, of which it makes no hash: at a waypoint the address binds nobody.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/route/route.go', 'consistentHashToHashPolicy'),
      envoy('source/common/http/hash_policy.cc', 'IpHashMethod'),
    ],
    confirmed: [read],
  },
];
