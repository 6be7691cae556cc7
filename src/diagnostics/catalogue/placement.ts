import type { CatalogueEntry } from '../entry.js';
import { audits } from './audits.js';
import { disabledMutualTls } from './disabled-mutual-tls.js';
import { egressBackstops, egressPlaces } from './egress.js';
import { networkPolicyPlaces } from './network-policies.js';
import { tokenPlacement } from './tokens.js';
import { trafficPlaces } from './traffic-places.js';
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
  ...trafficPlaces,
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
