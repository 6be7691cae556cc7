import type { CatalogueEntry } from '../entry.js';

/** AMB5390–AMB5449: what routes, and what they lead through and to, do that nobody can have meant. None of it stops a compilation. */
export const routeLint = {
  'object-not-accepted': {
    code: 'AMB5390',
    severity: 'warning',
    message: '{object} would be refused by the cluster: {why}',
    help: 'correct the field',
  },
  'route-ignored': {
    code: 'AMB5391',
    severity: 'warning',
    message: '{route} is ignored: {why}',
  },
  'gateway-missing': {
    code: 'AMB5392',
    severity: 'warning',
    message: '{route} is bound to {parent}, which is not there: {why}',
  },
  'route-not-served': {
    code: 'AMB5393',
    severity: 'warning',
    message: '{route} is not served at {parent}: {why}',
  },
  'destination-missing': {
    code: 'AMB5394',
    severity: 'warning',
    message: '{route} sends to nothing: {why}',
  },
  'delegate-of-nobody': {
    code: 'AMB5395',
    severity: 'warning',
    message: '{route} has no hosts, and no other VirtualService delegates to it',
    help: 'add `hosts`, or name it under `delegate`',
  },
  'subset-missing': {
    code: 'AMB5396',
    severity: 'warning',
    message: '{route} sends to version `{subset}`, which does not exist: {why}',
  },
  'subset-without-pods': {
    code: 'AMB5397',
    severity: 'warning',
    message: 'version `{subset}` of {rule} has no pods: {why}',
    help: 'correct the labels, or add the manifest of its pods',
  },
  'settings-for-nothing': {
    code: 'AMB5398',
    severity: 'info',
    message: '{rule} is for `{host}`, which no Service and no ServiceEntry among the manifests has',
    help: 'correct the host, or add the manifest of what has it',
  },
  'host-with-two-owners': {
    code: 'AMB5399',
    severity: 'warning',
    message: '{route} and {other} both route host `{host}` for the same clients',
    help: 'put the rules into one of them',
  },
  'route-overridden': {
    code: 'AMB5400',
    severity: 'info',
    message: 'clients of namespace {viewers} obey {route} for `{host}`, and not {other}',
  },
  'rule-hidden': {
    code: 'AMB5401',
    severity: 'warning',
    message: 'rule {rule} of {route} decides nothing: rule {by} takes all that it is for',
    help: 'put it before the other, or remove it',
  },
  'match-hidden': {
    code: 'AMB5402',
    severity: 'info',
    message: 'this match of rule {rule} of {route} decides nothing: {by} takes all that it is for',
    help: 'remove it',
  },
  'gateway-for-nothing': {
    code: 'AMB5403',
    severity: 'warning',
    message: '{gateway} selects no pod among the manifests, so nobody serves it',
    help: 'correct the selector, or add the manifest of the gateway’s pods',
  },
  'server-out-of-reach': {
    code: 'AMB5404',
    severity: 'warning',
    message: '{gateway} has a server on port {port}, to which {why}',
    help: 'add the port to the Service, or write one that it has',
  },
  'gateways-collide': {
    code: 'AMB5405',
    severity: 'warning',
    message: 'servers of {gateway} and {other} cannot both stand on port {port} of the same pods: {why}',
    help: 'give them different ports, or different pods',
  },
  'certificate-shared': {
    code: 'AMB5406',
    severity: 'info',
    message:
      '{gateway} and {other} show the same certificate `{credential}`, so clients use one connection for the hosts of both',
    help: 'put the hosts into one server, or give each a certificate of its own',
  },
  'credential-unusable': {
    code: 'AMB5407',
    severity: 'warning',
    message: '{gateway} shows certificate `{secret}`, which it cannot: {why}',
    help: 'create the Secret with `tls.crt` and `tls.key` in the namespace of the gateway’s pods',
  },
  'sidecars-collide': {
    code: 'AMB5408',
    severity: 'warning',
    message: '{sidecar} and {other} are both for {over}, and only one of them counts',
    help: 'keep one of them, or select different pods',
  },
  'sidecar-for-nothing': {
    code: 'AMB5409',
    severity: 'warning',
    message: '{sidecar} is for nobody: {why}',
    help: 'correct the labels, or remove it',
  },
  'entry-without-address': {
    code: 'AMB5410',
    severity: 'warning',
    message:
      'ServiceEntry `{entry}` has no address, so that sidecars which do not capture DNS give it all of port {port}',
    help: 'write `addresses`, or a protocol that names its host: `HTTP`, `HTTPS` or `TLS`',
  },
  'entries-collide': {
    code: 'AMB5411',
    severity: 'warning',
    message: 'ServiceEntry `{entry}` and {other} say different things of host `{host}`: {why}',
    help: 'put them into one, or make them say the same',
  },
  'claim-not-read': {
    code: 'AMB5412',
    severity: 'warning',
    message: '{route} asks for `{claim}`, and no RequestAuthentication validates tokens at Gateway `{gateway}`',
    help: 'add a RequestAuthentication for the pods of the gateway',
  },
  'policy-past-by-ingress': {
    code: 'AMB5413',
    severity: 'warning',
    message: '`{policy}` is for Service `{service}`, and {route} brings requests to its pods by Service `{other}`',
    help: 'attach the policy to Service `{other}` as well, or to the Gateway of the waypoint',
  },
  'route-past-by-ingress': {
    code: 'AMB5414',
    severity: 'warning',
    message: '{route} sends to `{host}` past {other}, which {does}',
    help: 'say the same in the route of the gateway, or label the Service `istio.io/ingress-use-waypoint` where it has a waypoint',
  },
  'protocols-disagree': {
    code: 'AMB5415',
    severity: 'warning',
    message:
      'Service `{service}` says that port {number} of `{workload}` is `{protocol}`, and Service `{other}` that it is `{second}`',
    help: 'declare the same protocol in both',
  },
  'status-says-no': {
    code: 'AMB5416',
    severity: 'warning',
    message: 'the status of {object} is not as it should be: {type}, {reason}',
  },
  'field-deprecated': {
    code: 'AMB5417',
    severity: 'info',
    message: '`{field}` of {object} is deprecated',
    help: 'write `{instead}`',
  },
  'no-last-rule': {
    code: 'AMB5418',
    severity: 'info',
    message: '{route} has no rule for all other requests to `{host}`',
    help: 'end it with a rule that has no `match`, unless 404 is meant',
  },
  'settings-hidden': {
    code: 'AMB5419',
    severity: 'warning',
    message: '{rule} hides {other} from callers of namespace `{namespace}`, who lose {lost}',
    help: 'say it here as well, or put both into the namespace of the Service',
  },
  'hostnames-not-read': {
    code: 'AMB5420',
    severity: 'warning',
    message: '{route} names `hostnames`, which are not asked for on the way to `{host}`',
    help: 'remove them, or bind the route to a gateway',
  },
  'patch-unhooked': {
    code: 'AMB5421',
    severity: 'warning',
    message:
      '{filter} changes routes at waypoint `{waypoint}`, and no longer those of Service `{service}`, which {route} routes',
    help: 'patch an `HTTP_FILTER` instead, or say in the route what the patch says',
  },
  'rewritten-past-policy': {
    code: 'AMB5422',
    severity: 'warning',
    message: '`{policy}` denies `{value}`, which {route} rewrites on the way: `{sent}` arrives as `{arriving}`',
    help: 'deny the path as it arrives, or deny it at the gateway',
  },
  'expected-destination-unknown': {
    code: 'AMB5423',
    severity: 'error',
    message: '`{name}` is no Service, no workload and no host of the mesh',
    help: 'name a Service or a workload as `namespace/name`, or a host of a ServiceEntry',
  },
  'denial-with-destination': {
    code: 'AMB5424',
    severity: 'error',
    message: 'a case that expects a denial says `{field}`, which only a request has that is let through',
    help: 'remove `{field}`, or write `expect: allow`',
  },
  'guardrail-field-misplaced': {
    code: 'AMB5425',
    severity: 'error',
    message: '`{field}` {why}',
    help: 'move it into a check of its own',
  },
  'rule-left-out': {
    code: 'AMB5430',
    severity: 'warning',
    message: 'a rule of {route} is left out: {why}',
  },
  'gateway-pods-not-given': {
    code: 'AMB5435',
    severity: 'info',
    message:
      '{gateway} is for pods that are not among the manifests, so nothing is said of requests that come through them',
    help: 'add the manifest of the gateway’s pods, or correct the selector',
  },
  'tls-policy-for-nothing': {
    code: 'AMB5436',
    severity: 'warning',
    message: '{policy} sets TLS for nothing: {why}',
    help: 'correct the target, or add its manifest',
  },
  'listener-set-for-nothing': {
    code: 'AMB5437',
    severity: 'warning',
    message: '{set} adds listeners to no Gateway: {why}',
    help: 'correct `parentRef`, or add the manifest of the Gateway',
  },
  'route-not-followed': {
    code: 'AMB5438',
    severity: 'info',
    message: '{route} is not followed here, so what its requests come to is undecided: {why}',
    help: 'check by hand where they go, and accept this finding with the reason',
  },
  'policy-past-by-route': {
    code: 'AMB5439',
    severity: 'warning',
    message:
      '`{policy}` is for Service `{service}`, and {route} leads requests to Service `{other}` to its pods, unasked',
    help: 'say the same for Service `{other}`, of requests as they are sent to it',
  },
  'policy-past-by-service': {
    code: 'AMB5440',
    severity: 'warning',
    message: '`{policy}` is for Service `{service}`, and requests to Service `{other}` come to the same pods, unasked',
    help: 'attach the policy to Service `{other}` as well, or to the Gateway of the waypoint',
  },
  'authority-of-another': {
    code: 'AMB5441',
    severity: 'warning',
    message: '{route} has a match for host `{host}`, which is none of its hosts: sidecars {goes}',
  },
  'registry-only-in-ambient': {
    code: 'AMB5442',
    severity: 'warning',
    message:
      '`outboundTrafficPolicy` of cluster `{cluster}` is `REGISTRY_ONLY`, which holds for nobody in ambient: `{workload}`{others} may reach any address outside',
    help: 'shut the way out by a NetworkPolicy, and let known hosts through an egress waypoint',
  },
  'rule-without-backend': {
    code: 'AMB5443',
    severity: 'warning',
    message: '{route} has a rule that answers every request with {status}: {why}',
    help: 'give one of its backends a weight, or add one',
  },
  'route-past-route': {
    code: 'AMB5444',
    severity: 'warning',
    message: '{route} sends to `{host}` past {other}, which {does}',
    help: 'say the same here, or remove the rule that is not tried',
  },
  'rules-for-the-same': {
    code: 'AMB5445',
    severity: 'warning',
    message: '{route} has a rule for the very same requests to `{host}` as one of {other}',
    help: 'ask for something else in one of them, or remove it',
  },
  'expression-not-re2': {
    code: 'AMB5446',
    severity: 'warning',
    message: '{route} has the regular expression `{pattern}`, which Envoy cannot read: {why}',
    help: 'write it as RE2 does',
  },
  'backend-without-virtual-ip': {
    code: 'AMB5447',
    severity: 'warning',
    message:
      '{route} leads to `{host}`, which has no virtual IP: what it sends there comes back to the pods that were asked for',
    help: 'give the Service a virtual IP, or have its callers name it themselves',
  },
} as const satisfies Record<string, CatalogueEntry>;
