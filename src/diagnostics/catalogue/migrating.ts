import type { CatalogueEntry } from '../entry.js';

/** What stands between sidecars and ambient, B-01 to B-30 one to one; what a plan and a dump show; what stands in the way back; and gateways that would be none. */
export const migrating = {
  'migrate-machine': {
    code: 'AMB7101',
    severity: 'error',
    message: '{object} is a machine outside Kubernetes, and ambient takes none into the mesh',
    help: 'leave its namespace on sidecars (`-n` names those that move), or move the machine into a pod',
  },
  'migrate-spire': {
    code: 'AMB7102',
    severity: 'error',
    message:
      'workload `{workload}` gets its certificate from SPIRE by a volume of its pod, and ztunnel does not look there',
    help: 'let istiod sign for the namespace before it moves, or leave it on sidecars',
  },
  'migrate-mtls-disabled': {
    code: 'AMB7103',
    severity: 'error',
    message: '{object} switches mutual TLS off for {workloads}, and ztunnel takes DISABLE for PERMISSIVE',
    help: 'write PERMISSIVE, and see that callers reach the port over HBONE',
  },
  'migrate-remote-control-plane': {
    code: 'AMB7104',
    severity: 'error',
    message: '{object} says that istiod is in another cluster, and ambient needs it in its own',
    help: 'make the cluster a primary one first',
  },
  'migrate-envoy-filter': {
    code: 'AMB7105',
    severity: 'error',
    message: '{object} changes the sidecars of {workloads}, and nothing takes its place without them',
    help: 'say the same by an API that waypoints read, or drop it',
  },
  'migrate-request-policy': {
    code: 'AMB7106',
    severity: 'error',
    message: '{policy} asks for {what} at the pods of {workloads}, which ztunnel cannot see',
    help: 'write the same with `targetRefs` for the Service, and give the Service a waypoint before its pods move',
  },
  'migrate-selected-settings': {
    code: 'AMB7107',
    severity: 'warning',
    message: '{object} is for the sidecars of {workloads}, and no waypoint reads it',
    help: 'write it once more with `targetRefs` before the pods move',
  },
  'migrate-match-by-client': {
    code: 'AMB7108',
    severity: 'error',
    message: '{object} tells clients of `{service}` apart by `{field}`, and a waypoint cannot',
    help: 'tell them apart by a header, or by the identity in an AuthorizationPolicy',
  },
  'migrate-client-settings': {
    code: 'AMB7109',
    severity: 'error',
    message: '{object} speaks of `{service}` from the namespace of its clients, and no waypoint looks there',
    help: 'move it into the namespace of the Service, where it holds for all clients',
  },
  'migrate-sidecar-resource': {
    code: 'AMB7110',
    severity: 'warning',
    message: 'what {object} says under `{field}` holds for sidecars alone',
    help: 'close ways out by an egress waypoint and NetworkPolicies, if it was there to close them; then drop it',
  },
  'migrate-registry-only': {
    code: 'AMB7111',
    severity: 'error',
    message: '{place} refuses hosts that nobody declared (REGISTRY_ONLY), and ztunnel lets calls to them pass',
    help: 'close the way out by NetworkPolicies and an egress waypoint before pods move',
  },
  'migrate-two-routes': {
    code: 'AMB7112',
    severity: 'warning',
    message: '{object} and {other} both route `{service}`, and no order between them is promised at a waypoint',
    help: 'keep one of them',
  },
  'migrate-subset': {
    code: 'AMB7113',
    severity: 'warning',
    message: '{object} leads to subset `{subset}` of `{service}`, which no route of the Gateway API can name',
    help: 'give each version a Service of its own, and route to these',
  },
  'migrate-rule-for-some-clients': {
    code: 'AMB7114',
    severity: 'warning',
    message: '{object} is for some clients of `{service}`, and a waypoint leaves its `workloadSelector` out',
    help: 'let it hold for all clients, or drop it',
  },
  'migrate-egress-chain': {
    code: 'AMB7115',
    severity: 'error',
    message: '{object} leads calls to `{host}` through an egress gateway, and only sidecars follow it there',
    help: 'bind the ServiceEntry of the host to a waypoint, and decide there',
  },
  'migrate-headless': {
    code: 'AMB7116',
    severity: 'error',
    message: 'rules about requests hold for `{workload}`, and the headless Service `{service}` gets no waypoint',
    help: 'ask at its pods for identities and ports alone, or call them by a Service with an address',
  },
  'migrate-host-network': {
    code: 'AMB7117',
    severity: 'warning',
    message: 'the pods of `{workload}` are on the network of their node, and stay outside the mesh',
    help: 'nothing changes for them; let policies of those that they call expect plaintext',
  },
  'migrate-network-policy': {
    code: 'AMB7118',
    severity: 'error',
    message: 'NetworkPolicy `{policy}` lets no traffic of the mesh through for {subject} once pods are ambient',
    help: 'add TCP 15008 to the ports of the rule before pods move',
  },
  'migrate-capture-annotation': {
    code: 'AMB7119',
    severity: 'warning',
    message:
      'annotation `{annotation}` of `{workload}` says which traffic its sidecar takes, and ztunnel takes all of it',
    help: 'see that what it left out may be in the mesh; then drop it',
  },
  'migrate-sidecar-annotation': {
    code: 'AMB7120',
    severity: 'warning',
    message: 'annotation `{annotation}` of `{workload}` is about its sidecar, and means nothing without one',
    help: 'drop it once the pods have moved',
  },
  'migrate-merged-metrics': {
    code: 'AMB7121',
    severity: 'warning',
    message: 'the metrics of `{workload}` are scraped through its sidecar, and ambient merges none',
    help: 'let the scraper call the port of the application, and allow it there',
  },
  'migrate-torn-namespace': {
    code: 'AMB7122',
    severity: 'error',
    message: 'labels of namespace `{namespace}` ask for sidecars and for ambient, and pods get sidecars',
    help: 'take the injection label off; pods then start in ambient mode',
  },
  'migrate-proxyless': {
    code: 'AMB7123',
    severity: 'error',
    message: 'workload `{workload}` is a client without a proxy (gRPC), which passes waypoints by',
    help: 'take the template off, so that ztunnel carries its calls',
  },
  'migrate-sidecar-without-hbone': {
    code: 'AMB7124',
    severity: 'error',
    message:
      'the sidecar of {workload} in `{namespace}` does not listen on HBONE: ambient callers reach it in plaintext',
    help: 'restart its pods once ambient is installed, and write `sidecarsListenHbone: true` in the Mesh document',
  },
  'migrate-port-behind-waypoint': {
    code: 'AMB7125',
    severity: 'warning',
    message: 'port {port} of `{service}` is {what}, and the Service has a waypoint',
    help: 'declare the protocol, or leave the port to a Service without a waypoint',
  },
  'migrate-gateway-api': {
    code: 'AMB7126',
    severity: 'error',
    message: 'the CRDs of the Gateway API {what}, and waypoints are Gateways of it',
    help: 'install the standard channel of the release that this Istio was tested with',
  },
  'migrate-private-rule': {
    code: 'AMB7127',
    severity: 'error',
    message: '{object} is exported to its own namespace alone, and waypoint `{waypoint}` does not see it',
    help: 'export it to the namespace of the waypoint',
  },
  'migrate-hidden-entry': {
    code: 'AMB7128',
    severity: 'warning',
    message: '{object} is hidden from some namespaces by `exportTo`, and ambient shows it to all',
    help: 'let an AuthorizationPolicy at its waypoint say who may call the host',
  },
  'migrate-waypoint-not-admitting': {
    code: 'AMB7129',
    severity: 'error',
    message: 'Service `{service}` names waypoint `{waypoint}`, which does not admit its namespace',
    help: 'let `allowedRoutes` of its listener admit the namespace before pods move',
  },
  'migrate-hash-without-route': {
    code: 'AMB7130',
    severity: 'warning',
    message:
      '{object} spreads calls to `{service}` by a hash, which a waypoint of Istio {version} does only beside a route',
    help: 'add a route for the Service that changes nothing, or upgrade to 1.31',
  },
  'migration-opens': {
    code: 'AMB7131',
    severity: 'warning',
    message: '{when}: {finding}',
    help: 'mend what lets it through before you begin, or accept it where the rule or the policy is written',
  },
  'migration-closes': {
    code: 'AMB7132',
    severity: 'warning',
    message: '{when}: {finding}',
    help: 'move the callers first, or name them where everybody is let in; else accept it where the rule or the policy is written',
  },
  'migration-otherwise': {
    code: 'AMB7133',
    severity: 'warning',
    message: '{when}: {finding}',
    help: 'mend what it is about before you begin, or accept it',
  },
  'migration-unknown': {
    code: 'AMB7134',
    severity: 'warning',
    message: '{when}: {finding}',
    help: 'nothing is proved there: say what is missing, or accept that it is not known',
  },
  'migration-without-intents': {
    code: 'AMB7135',
    severity: 'error',
    message: 'there are no intents, so nobody says what must hold on the way',
    help: '`ambit import` writes intents that say what the manifests say; then plan',
  },
  'migration-dump-lacks': {
    code: 'AMB7136',
    severity: 'warning',
    message: 'the dump holds no {kind}: {what} cannot be judged',
    help: 'dump that kind as well, unless the cluster has none',
  },
  'migration-two-tools': {
    code: 'AMB7137',
    severity: 'warning',
    message: '{object} is written by {tools}: each may take back what the other does',
    help: 'let one of them alone write it until everything has moved',
  },
  'migrate-back-target-policy': {
    code: 'AMB7138',
    severity: 'error',
    message:
      '{policy} decides at waypoint `{waypoint}` about calls to `{subject}`, and callers with sidecars go past it',
    help: 'let a policy that selects the pods say the same, and admit the waypoint there for callers that stay ambient',
  },
  'migrate-back-target-settings': {
    code: 'AMB7139',
    severity: 'warning',
    message: '{object} is read at waypoint `{waypoint}` for `{subject}`, and callers with sidecars go past it',
    help: 'write it once more with a selector before the pods move',
  },
  'migrate-back-waypoint-alone': {
    code: 'AMB7140',
    severity: 'error',
    message: '{policy} lets only `{waypoint}` in at {workloads}, and callers with sidecars come by themselves',
    help: 'name the callers beside the waypoint before the pods move',
  },
  'migrate-back-request-policy': {
    code: 'AMB7141',
    severity: 'error',
    message: '{policy} asks for {what} at the pods of {workloads}: ztunnel leaves that out, and sidecars do not',
    help: 'let it ask for identities and ports alone, or import it: a plan then puts what it means in its place at the right moment',
  },
  'migrate-back-mtls-disabled': {
    code: 'AMB7142',
    severity: 'error',
    message: '{object} switches mutual TLS off for {workloads}: ztunnel takes that for PERMISSIVE, and sidecars do it',
    help: 'write PERMISSIVE before pods move',
  },
  'migrate-back-registry-only': {
    code: 'AMB7143',
    severity: 'warning',
    message:
      '{place} refuses hosts that nobody declared (REGISTRY_ONLY): ztunnel lets calls to them pass, sidecars do not',
    help: 'declare the hosts that are called by ServiceEntries before pods move, or write ALLOW_ANY',
  },
  'migrate-back-network-policy': {
    code: 'AMB7144',
    severity: 'error',
    message:
      'NetworkPolicy `{policy}` lets {subject} be called on TCP 15008 alone, and sidecars call each other on the ports of applications',
    help: 'add the ports of the application before pods move',
  },
  'migrate-back-holds-again': {
    code: 'AMB7145',
    severity: 'warning',
    message: '{what} means nothing in ambient mode, and holds again once there are sidecars',
    help: 'see that it still says what is meant, or drop it before pods move',
  },
  'migrate-gateway-of-namespace': {
    code: 'AMB7146',
    severity: 'error',
    message:
      'only labels of its namespace inject gateway `{gateway}`: ambient takes them off, and it is no gateway then',
    help: 'label its pods `sidecar.istio.io/inject: "true"` before the namespace moves',
  },
} as const satisfies Record<string, CatalogueEntry>;
