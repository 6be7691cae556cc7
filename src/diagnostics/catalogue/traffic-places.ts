import type { CatalogueEntry } from '../entry.js';

/** What traffic settings ask for that a data plane cannot keep, or keeps at a price. */
export const trafficPlaces = {
  'plaintext-to-headless': {
    code: 'AMB3050',
    severity: 'error',
    message: '`{caller}` runs a sidecar and reaches headless Service `{service}` in plaintext, without an identity',
    help: 'name a Service with a virtual IP before the same pods, move `{caller}` to ambient, or give sidecars to all pods behind it',
  },
  'no-route-form': {
    code: 'AMB3060',
    severity: 'error',
    message: 'no kind of route says all that is asked of {destination}',
    help: 'leave one of what the notes name out, or give it to another Service',
  },
  'wish-not-kept': {
    code: 'AMB3061',
    severity: 'error',
    message: '`{settings}` {wish}, which {sender} does not do for {destination}',
    help: 'leave it out for this service; who does it: {senders}',
  },
  'settings-overruled': {
    code: 'AMB3062',
    severity: 'error',
    message:
      'clients of namespace `{namespace}` keep to nothing that is written for {destination}: DestinationRule `{rule}` is theirs',
    help: 'delete it, or give it a host that leaves the service out',
  },
  'tls-in-place-of-the-mesh': {
    code: 'AMB3063',
    severity: 'error',
    message:
      'this TLS to {destination} would take the place of the mesh’s mutual TLS, and `{caller}` would come without identity',
    help: 'drop `tls`, since the mesh encrypts already: `{pod}` is in it',
  },
  'near-pods-otherwise': {
    code: 'AMB3064',
    severity: 'error',
    message: '{destination} says `{said}` in `{field}` already, which goes against `{wanted}`',
    help: 'take it out of the Service, or write the same here',
  },
  'backend-tls-exists': {
    code: 'AMB3065',
    severity: 'error',
    message: 'the TLS to {destination} has another owner: BackendTLSPolicy `{policy}`',
    help: 'delete it, or drop `tls` here: which of the two counts depends on their age and on the version of Istio',
  },
  'tls-around-tls': {
    code: 'AMB3066',
    severity: 'error',
    message:
      'callers of port `{port}` of {destination} bring TLS themselves (`{protocol}`), and this would be wrapped around it',
    help: 'say under `ports` which ports it is for, or declare the port as HTTP or TCP: callers then send plaintext to their proxy',
  },
  'sidecar-exists': {
    code: 'AMB3067',
    severity: 'error',
    message: 'what these sidecars know has another owner: Sidecar `{sidecar}`',
    help: 'delete it, or drop `reachability` and `reaches` here: of two for the same pods one counts',
  },
  'no-sidecar-possible': {
    code: 'AMB3068',
    severity: 'error',
    message: 'no Sidecar can say what the sidecars of {scope} know: {why}',
  },
  'known-as-before': {
    code: 'AMB3069',
    severity: 'info',
    message: 'some pods of {scope} know of the mesh what they knew before: {workloads}, because {because}',
    help: 'nothing needs to be done: whom they may call is for SecuritySettings to say',
  },
  'limit-domain-taken': {
    code: 'AMB3070',
    severity: 'error',
    message: 'limits of domain `{domain}` are in ConfigMap `{existing}` already, and a server takes each domain once',
    help: 'delete it and write its limits here, or give the rate limit service of the Mesh document another `domain`',
  },
  'exported-and-ambient': {
    code: 'AMB3071',
    severity: 'info',
    message: 'ambient pods of other namespaces, such as `{workload}`, keep to the settings of {subject} too: {because}',
    help: 'nothing needs to be done: `exportTo` is for sidecars and gateways, and who may call is for SecuritySettings',
  },
  'ports-led-by-others': {
    code: 'AMB3072',
    severity: 'info',
    message: '{route} leads connections to port {ports} of {destination}, of which these settings say nothing',
    help: 'nothing needs to be done; a waypoint in front of the Service obeys it too',
  },
  'host-routed-already': {
    code: 'AMB3073',
    severity: 'error',
    message: '`{route}` routes {what} at gateway `{gateway}` already',
    help: 'delete it, or take that out of the settings',
  },
  'published-to-anyone': {
    code: 'AMB3074',
    severity: 'info',
    message: 'whoever can connect to gateway `{gateway}` may ask for {what}: no policy is for the gateway',
    help: 'nothing needs to be done if that is meant; else say who may, in SecuritySettings with `scope: { gateway: … }`',
  },
  'certificate-not-given': {
    code: 'AMB3075',
    severity: 'info',
    message: 'no manifest has Secret `{secret}`: until it is there, listener `{listener}` shows no certificate',
    help: 'nothing needs to be done if it is made elsewhere',
  },
  'certificate-not-granted': {
    code: 'AMB3076',
    severity: 'error',
    message: 'certificate `{secret}` belongs to namespace `{namespace}`, which lets no Gateway of `{home}` read it',
    help: 'have its owner write a ReferenceGrant there from Gateways of `{home}` to the Secret, or copy it to `{home}`: Ambit hands out no key of others',
  },
  'route-not-taken': {
    code: 'AMB3077',
    severity: 'error',
    message: 'there is no namespace from which gateway `{gateway}` takes all of these routes',
    help: 'let its listeners take routes from the namespace of the gateway or of one of the Services',
  },
  'connections-led-twice': {
    code: 'AMB3078',
    severity: 'error',
    message: 'another route leads {what} on at gateway `{gateway}`',
    help: 'share them out by `weight` in one route, or take one of the two out',
  },
  'authorities-not-said': {
    code: 'AMB3079',
    severity: 'error',
    message: 'with Istio {version} and the standard CRDs no Gateway says whose certificates clients may show',
    help: 'leave it out, and keep the authority under `ca.crt` of Secret `{secret}` or in Secret `{secret}-cacert`; or use the experimental CRDs',
  },
  'bytes-to-any-host': {
    code: 'AMB3080',
    severity: 'warning',
    message:
      'port `{port}` of host `{host}` carries bytes, so that the sidecar of `{caller}` sends there whatever else goes to that port of hosts that it does not know',
    help: 'write where the host is under `addresses`; where sidecars answer DNS themselves nothing needs to be done',
  },
  'service-entry-used': {
    code: 'AMB3081',
    severity: 'info',
    message: 'ServiceEntry `{entry}` makes host `{host}` known already, and is used as it is',
  },
  'route-past-gateway': {
    code: 'AMB3082',
    severity: 'error',
    message: 'this route leads to host `{host}` past the gateway by which requests to it leave the mesh',
    help: 'drop `through` in the settings of the host, or let callers ask the host themselves',
  },
  'routes-of-flagger': {
    code: 'AMB3090',
    severity: 'error',
    message:
      '{destination} has its routes from Canary `{canary}` of Flagger, which would write over what these settings become',
    help: 'say what you need under `spec.service` of the Canary, or drop the settings',
  },
  'rollout-disagrees': {
    code: 'AMB3091',
    severity: 'error',
    message: '{destination} and Rollout `{rollout}` do not fit together: {why}',
    help: 'name in the Rollout what is written, or drop the settings',
  },
  'primary-not-selected': {
    code: 'AMB3092',
    severity: 'error',
    message:
      '{policies} would not hold for the copies with label `{label}` that Canary `{canary}` of Flagger lets answer',
    help: 'give Ambit Deployment `{primary}` and the Services as Flagger has made them, or write the settings for the namespace',
  },
  'telemetry-not-kept': {
    code: 'AMB3093',
    severity: 'error',
    message: 'nobody records of {subject} what `{settings}` asks for: {because}',
    help: 'leave it out of the scope',
  },
  'telemetry-exists': {
    code: 'AMB3094',
    severity: 'error',
    message:
      'existing Telemetry `{existing}` is for the same proxies as `{settings}`, and its age would decide between them',
    help: 'delete it, and write what it says here',
  },
  'ztunnel-records-otherwise': {
    code: 'AMB3095',
    severity: 'warning',
    message: 'of {workloads} ztunnel alone records something, and not by what `{settings}` says',
    help: 'bind their Services to a waypoint, and set ztunnel’s own log in its Helm chart',
  },
  'extension-not-accepted': {
    code: 'AMB3096',
    severity: 'error',
    message: 'no API of Istio’s own says `{limit}`, and nobody has accepted the EnvoyFilter that does',
    help: 'write `extensions: Accept` beside `limits`, and try the output with each new release of Istio',
  },
  'limit-not-kept': {
    code: 'AMB3097',
    severity: 'error',
    message: '`{limit}` would not hold for all requests to {destination}: {because}',
    help: 'enrol the pods, and put a Service with a virtual IP in front of them',
  },
} as const satisfies Record<string, CatalogueEntry>;
