import type { CatalogueEntry } from '../entry.js';
import { audits } from './audits.js';
import { disabledMutualTls } from './disabled-mutual-tls.js';
import { egressBackstops, egressPlaces } from './egress.js';
import { networkPolicyPlaces } from './network-policies.js';
import { tokenPlacement } from './tokens.js';
import { waypointPlaces } from './waypoint-places.js';

/** What the mesh cannot enforce, or enforces at a price. */
export const placement = {
  'unmeshed-destination': {
    code: 'AMB3001',
    severity: 'error',
    message: '`{workload}` is not in the mesh, so nothing enforces rules in front of it',
    help: 'enrol it (label `istio.io/dataplane-mode=ambient`), or accept the gap: `accept: [{ path: unmeshedWorkloads, until: …, reason: … }]`',
  },
  'no-waypoint-possible': {
    code: 'AMB3002',
    severity: 'error',
    message: '{destination} is ambient and can have no waypoint: {why}',
    help: 'put a Service with a virtual IP in front of it, or match on callers and ports only',
  },
  'waypoint-refused': {
    code: 'AMB3003',
    severity: 'error',
    message: '{destination} needs a waypoint, but {why}',
  },
  'requests-at-pods': {
    code: 'AMB3004',
    severity: 'error',
    message: 'port `{port}` of {destination} is reached at the pods only, where nothing reads requests',
    help: 'expose the port in a Service, or match on callers and ports only',
  },
  'shared-identity': {
    code: 'AMB3005',
    severity: 'error',
    message: '{caller} cannot be told from {sharers}: they share ServiceAccount `{serviceAccount}`',
    help: 'give it a ServiceAccount of its own, name `serviceAccount: {serviceAccount}` to mean all of them, or accept it: `accept: [{ path: sharedIdentity, until: …, reason: … }]`',
  },
  'caller-without-identity': {
    code: 'AMB3006',
    severity: 'error',
    message: '`{caller}` is not in the mesh and has no identity that a rule could match',
    help: 'enrol it, or name it by its addresses under `callers` of the Mesh document',
  },
  'sidecar-callers': {
    code: 'AMB3007',
    severity: 'error',
    message: '{caller} runs a sidecar and cannot go through the waypoint of {destination}',
    help: 'move {caller} to ambient first, or accept the gap on this rule: `accept: [{ path: sidecarCallers, until: …, reason: … }]`',
  },
  'gateway-callers': {
    code: 'AMB3008',
    severity: 'error',
    message: '{caller} is a gateway and goes past the waypoint of {destination}',
    help: 'turn `ENABLE_INGRESS_WAYPOINT_ROUTING` on in istiod and in the Mesh document, or accept the gap on this rule: `accept: [{ path: gatewayCallers, until: …, reason: … }]`',
  },
  'outside-callers': {
    code: 'AMB3009',
    severity: 'error',
    message: 'callers outside the mesh reach {destination} around its waypoint',
    help: 'set `mtls: { mode: Strict }` for it, name mesh callers only, or accept the gap on this rule: `accept: [{ path: outsideCallers, until: …, reason: … }]`',
  },
  'plaintext-to-sidecar': {
    code: 'AMB3010',
    severity: 'error',
    message: '`{caller}` is ambient and reaches the sidecar of `{workload}` in plaintext, without an identity',
    help: 'restart the sidecar with HBONE listening on and set `sidecarsListenHbone: true` for the cluster, or move `{workload}` to ambient',
  },
  'caller-unidentifiable': {
    code: 'AMB3011',
    severity: 'error',
    message: '{caller} has neither an identity nor an address, so it cannot be told from any other plaintext caller',
    help: 'give its `ipBlocks` in the Mesh document, or accept that anyone in plaintext is meant: `accept: [{ path: plaintextCallers, until: …, reason: … }]`',
  },
  'strict-refuses-plaintext': {
    code: 'AMB3012',
    severity: 'error',
    message: '{caller} speaks plaintext, which `mtls: Strict` of {destination} refuses',
    help: 'add the port and the caller under `mtls.plaintext`',
  },
  'no-cross-network-path': {
    code: 'AMB3013',
    severity: 'error',
    message:
      '{caller} and {destination} are on different networks and in different data planes, and no gateway connects those',
    help: 'move one of them to the data plane of the other',
  },
  'existing-policy-widens': {
    code: 'AMB3014',
    severity: 'error',
    message:
      'existing AuthorizationPolicy `{policy}` also allows requests to {destination}: what is allowed is the union',
    help: 'delete it and write its rules as intents, or accept it beside the default: `accept: [{ path: existingPolicies, until: …, reason: … }]`',
  },
  'existing-policy-narrows': {
    code: 'AMB3015',
    severity: 'warning',
    message: 'existing AuthorizationPolicy `{policy}` denies some requests to {destination} that the intents may allow',
    help: 'delete it and write its rules as intents',
  },
  'peer-authentication-overlap': {
    code: 'AMB3016',
    severity: 'error',
    message: 'PeerAuthentication for {scope} would compete with {other}: Istio keeps the oldest and ignores the rest',
    help: 'delete it, or drop `mtls` from the settings',
  },
  'shared-pods': {
    code: 'AMB3017',
    severity: 'error',
    message:
      '{destination} shares pods with {other}, which has others besides: at its waypoint no rule can mean the shared ones alone',
    help: 'make the two select different pods, or write the rule for {other} if it may hold for all of its pods',
  },
  'api-server-behind-strict': {
    code: 'AMB3018',
    severity: 'error',
    message: 'the API server calls {destination} for its {purpose} without mesh mTLS, which `mtls: Strict` refuses',
    help: 'open its port under `mtls.plaintext`, from `anyone` or from an `external` caller with `ipBlocks`',
  },
  'strict-cuts-off': {
    code: 'AMB3019',
    severity: 'warning',
    message: '`mtls: Strict` of {scope} refuses {workloads} outside the mesh: {names}',
    help: 'enrol them, or open the ports that they call under `mtls.plaintext`',
  },
  'becomes-default-deny': {
    code: 'AMB3020',
    severity: 'warning',
    message: '{scope} becomes default-deny, and {workloads} that can reach it today no longer can: {names}',
    help: 'allow those that have to call it; those that have not are what the default is for',
  },
  'selector-not-exact': {
    code: 'AMB3021',
    severity: 'error',
    message: 'no label tells `{workload}` from `{other}`, so a policy for one would hold for both',
    help: 'give the pods of `{workload}` a label of their own',
  },
  'addresses-behind-gateway': {
    code: 'AMB3022',
    severity: 'warning',
    message:
      '{caller} is matched by the address that the destination sees; behind gateway {gateways} that is the gateway’s own',
    help: 'deny or allow it at the gateway where requests may come that way',
  },
  'suffix-host-in-deny': {
    code: 'AMB3023',
    severity: 'error',
    message: 'host `{host}` misses requests whose Host header carries a port, and they would be let through',
    help: 'list the hosts one by one: an exact host is matched with every port',
  },
  accepted: {
    code: 'AMB3024',
    severity: 'info',
    message: 'accepted {term}: {gap}',
    help: 'close the gap before that day',
  },
  'acceptance-unused': {
    code: 'AMB3025',
    severity: 'warning',
    message: '`{what}` is accepted for a place where it does not occur',
    help: 'take it out: it would cover, unseen, the first one that occurs later',
  },
  'peer-authentication-narrower': {
    code: 'AMB3026',
    severity: 'error',
    message: 'PeerAuthentication `{policy}` sets another mTLS mode for some pods of {scope}, and the narrower one wins',
    help: 'delete it, and write its mode as settings for those pods',
  },
  'denied-in-plaintext': {
    code: 'AMB3027',
    severity: 'error',
    message: '{caller} runs a sidecar, and can reach {destination} in plaintext, where no rule recognises it',
    help: 'set `mtls: { mode: Strict }` for it, or accept the gap on this rule: `accept: [{ path: plaintextCallers, until: …, reason: … }]`',
  },
  'pod-port-in-plaintext': {
    code: 'AMB3028',
    severity: 'error',
    message:
      '{caller} runs a sidecar and reaches port {port} of {destination} in plaintext, without the identity that the rule names',
    help: 'expose the port in a Service, or name the caller by its addresses under `callers` of the Mesh document',
  },
  'pods-behind-waypoint': {
    code: 'AMB3029',
    severity: 'error',
    message:
      'what is addressed to the pods of `{workload}` goes through waypoint `{waypoint}`, where no rule about them holds',
    help: 'label the Gateway `istio.io/waypoint-for: service`',
  },
  'traffic-not-covered': {
    code: 'AMB3030',
    severity: 'error',
    message: 'traffic settings of {destination} do not hold for {caller}: {why}',
  },
  'route-in-virtual-service': {
    code: 'AMB3031',
    severity: 'info',
    message:
      '{destination} is routed by a VirtualService, which is Alpha at a waypoint: HTTPRoute cannot say all of it',
    help: 'nothing needs to be done; without what the notes name it would be an HTTPRoute',
  },
  'route-exists': {
    code: 'AMB3032',
    severity: 'error',
    message: '`{route}` routes {destination} already, and what two routes for one service do is not defined',
    help: 'delete it, or drop the traffic settings',
  },
  'name-taken': {
    code: 'AMB3033',
    severity: 'error',
    message: 'version `{version}` needs a Service like `{service}` of its own, and `{name}` exists already and {why}',
    help: 'rename the version, or change `{name}`',
  },
  'not-http': {
    code: 'AMB3034',
    severity: 'error',
    message: '{destination} has no HTTP port, so {field} cannot hold for it',
    help: 'declare a port as HTTP with its name or `appProtocol`, or drop the settings',
  },
  'ingress-not-covered': {
    code: 'AMB3035',
    severity: 'warning',
    message: 'requests that gateway `{gateway}` sends to {destination} do not pass these traffic settings',
    help: 'set them on the gateway’s own route too',
  },
  'default-not-separable': {
    code: 'AMB3036',
    severity: 'error',
    message: '{open} is open by default and would open pods of {closed} too, which are not',
    help: 'give both the same default, or let no pods belong to both',
  },
  'deny-on-undeclared-port': {
    code: 'AMB3037',
    severity: 'error',
    message:
      'port `{port}` of {destination} declares no protocol: a denial by `{field}` would refuse every connection to it that is not HTTP',
    help: 'name the port `http-…`, or set `appProtocol: http`',
  },
  'plaintext-caller-by-name': {
    code: 'AMB3038',
    severity: 'error',
    message: '{caller} is named by an identity, which a plaintext connection does not carry',
    help: 'take it out if it is in the mesh, or name its addresses under `callers` of the Mesh document',
  },
  'identity-past-waypoint': {
    code: 'AMB3039',
    severity: 'error',
    message:
      '{twin} is ambient and runs as `{serviceAccount}` too, so that an acceptance for {caller} lets it past the waypoint of {destination}',
    help: 'give it a ServiceAccount of its own, or accept that it is let past as well: `accept: [{ path: sharedIdentity, until: …, reason: … }]` beside the acceptance',
  },
  'versions-unseen': {
    code: 'AMB3040',
    severity: 'error',
    message:
      'clients of namespace `{namespace}` see no version of {destination}: DestinationRule `{rule}` is theirs, and has none',
    help: 'delete it, give it a host that leaves the service out, or give it the same subsets',
  },
  'destination-rule-hidden': {
    code: 'AMB3041',
    severity: 'warning',
    message: 'the settings of DestinationRule `{rule}` no longer hold for {destination} beside {what}',
  },
  'route-past-policies': {
    code: 'AMB3042',
    severity: 'error',
    message: '`{route}` leads requests to `{other}` on to {destination}, past the rules of the latter',
    help: 'take that backend out of the route, or put a waypoint of its own in front of {destination}',
  },
  'host-unknown-to-sidecar': {
    code: 'AMB3043',
    severity: 'warning',
    message: 'no request of {caller} to {destination} arrives with host `{host}`: its sidecar knows no such host',
    help: 'write a host that the Service has, or declare `{host}` in a VirtualService that leads to it',
  },
  'addresses-by-hbone': {
    code: 'AMB3044',
    severity: 'error',
    message: '{caller} is not seen at {where}, where callers arrive at {destination} by HBONE',
    help: 'if the addresses are outside the mesh, name their caller under `callers` of the Mesh document and write `external: …`; else use a NetworkPolicy, or decide at the gateway by `remoteIpBlocks` with `numTrustedProxies`',
  },
  'filter-unhooked': {
    code: 'AMB3045',
    severity: 'warning',
    message: 'the routes of {destination} at waypoint `{waypoint}` are no longer patched by EnvoyFilter `{filter}`',
    help: 'say there by other means what it does, such as with a patch of the HTTP filters, and remove it',
  },
  'destination-rule-exists': {
    code: 'AMB3046',
    severity: 'error',
    message: 'these settings for {destination} and DestinationRule `{rule}` do not make one rule: {why}',
    help: 'say in the settings what the rule says and delete it, or drop from the settings what it says already',
  },
  'verified-by-the-system': {
    code: 'AMB3047',
    severity: 'info',
    message: 'callers of {destination} take certificates that an authority of their system vouches for, and no others',
    help: 'nothing needs to be done if such a one signed those of the pods; else name `caCertificates`, or a `credential` with the key `ca.crt`',
  },
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
  ...tokenPlacement,
  ...egressPlaces,
  'client-address-unknown': {
    code: 'AMB3110',
    severity: 'error',
    message:
      'nothing says what stands before gateway `{gateway}`, so nobody knows whether it sees the address of {caller}',
    help: 'write `gatewayTopology` for it in the Mesh document: how many proxies it trusts, or that the PROXY protocol tells the address',
  },
  'identity-unseen-at-gateway': {
    code: 'AMB3111',
    severity: 'error',
    message: 'gateway `{gateway}` cannot recognise {caller}: listener `{listener}` asks for no certificate of the mesh',
    help: 'tell callers apart by addresses or requests, or use a listener with TLS mode ISTIO_MUTUAL',
  },
  ...waypointPlaces,
  'several-authorizers': {
    code: 'AMB3118',
    severity: 'error',
    message:
      'of `{workload}` both `{first}` and `{second}` would be asked, and Istio {version} then refuses every request that either would be asked about',
    help: 'ask one authorizer for all requests to the workload',
  },
  'inheritance-not-separable': {
    code: 'AMB3119',
    severity: 'error',
    message:
      '`{rule}` allows requests to {destination}, and only some of its pods are in {scope}, which takes rules over otherwise',
    help: 'write `inheritance` for the Service, or the rule for its workloads',
  },
  'common-not-sayable': {
    code: 'AMB3120',
    severity: 'error',
    message: 'what both `{rule}` and `{wider}` allow cannot be said in a policy: {because}',
    help: 'write the rule so that the wider one allows all of it, or none',
  },
  'allows-nothing': {
    code: 'AMB3121',
    severity: 'warning',
    message:
      '`{rule}` allows nothing here: no rule of a wider scope allows any of it, and these settings are `Stricter`',
    help: 'ask whoever owns the wider scope to allow it, or remove the rule',
  },
  'pattern-across-trust-domains': {
    code: 'AMB3125',
    severity: 'error',
    message:
      'the mesh has several trust domains, and namespaces `{pattern}` would be meant in every other one too: {domains}',
    help: 'name the namespaces one by one',
  },
  'caller-behind-deputy': {
    code: 'AMB3126',
    severity: 'warning',
    message:
      '`{rule}` knows {caller} by its identity, but {route} leads its requests for {destination} through gateway `{deputy}`, and there the caller is the gateway',
    help: 'tell callers apart in settings of the gateway, and name `gateway: {deputy}` as the caller here; or have the route lead to the Service',
  },
  'shadow-not-watched': {
    code: 'AMB3133',
    severity: 'error',
    message:
      '`{settings}` has stage Shadow, and {point} of {workloads} in cluster `{cluster}` would watch nothing: {because}',
  },
  'shadow-changes-requests': {
    code: 'AMB3134',
    severity: 'error',
    message: '`{settings}` has stage Shadow, and its rules need {what}, which would change what happens to requests',
    help: 'enforce what needs it first, or take these rules out',
  },
  'shadow-watched': {
    code: 'AMB3135',
    severity: 'info',
    message: '`{settings}` is watched in cluster `{cluster}` by {policies}, and decides nothing',
    help: 'nothing needs to be done; once nothing unexpected is logged, write `stage: Enforce`',
  },
  'shadow-of-nothing': {
    code: 'AMB3136',
    severity: 'warning',
    message: '`{settings}` has stage Shadow, and there is nothing to watch: enforced, it would change no policy',
    help: 'write rules or a default that differ from what is enforced, or delete the settings',
  },
  ...audits,
  ...networkPolicyPlaces,
  ...disabledMutualTls,
  ...egressBackstops,
} as const satisfies Record<string, CatalogueEntry>;
