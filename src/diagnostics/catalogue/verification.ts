import type { CatalogueEntry } from '../entry.js';
import { egressProof } from './egress.js';
import { companionProof, networkPolicyLint } from './network-policies.js';
import { policyLint } from './policy-lint.js';
import { routeLint } from './route-lint.js';

export const verification = {
  'policy-not-accepted': {
    code: 'AMB5001',
    severity: 'error',
    message: '`{policy}` would be refused by the cluster: {why}',
    help: 'correct the field; a policy that is refused protects nothing',
  },
  'lets-through-too-much': {
    code: 'AMB5002',
    severity: 'error',
    message: '`{workload}` lets through what the intents refuse: {requests}',
  },
  'lets-through-too-little': {
    code: 'AMB5003',
    severity: 'error',
    message: '`{workload}` refuses what the intents allow: {requests}',
  },
  'existing-policy-refuses': {
    code: 'AMB5004',
    severity: 'warning',
    message: 'existing policy `{policy}` refuses what the intents allow: {requests}',
    help: 'delete it, or narrow it to what the intents deny',
  },
  'not-proved': {
    code: 'AMB5005',
    severity: 'warning',
    message: 'not proved for {workloads}: {fact}',
  },
  'other-clusters-not-judged': {
    code: 'AMB5006',
    severity: 'info',
    message: 'some requests from one cluster to another are undecided: their way is not modelled',
  },
  'not-verified': {
    code: 'AMB5007',
    severity: 'warning',
    message: 'the output was not compared with the intents',
    help: 'drop `--no-verify`',
  },
  'changes-unmentioned-workload': {
    code: 'AMB5008',
    severity: 'error',
    message: '{place}, which no intent mentions, would {verb} {requests}',
    help: 'say in settings who may call it, or take back what the notes name',
  },
  'too-large-to-decide': {
    code: 'AMB5009',
    severity: 'warning',
    message: 'not decided for {places}: {because}',
    help: 'give one policy fewer different values to compare: shorter lists of claims, and fewer headers and wildcards',
  },
  'unknown-caller': {
    code: 'AMB5101',
    severity: 'error',
    message: '`{name}` names nobody who could call',
    help: 'name a workload or Service as `namespace/name`, a gateway as `gateway:namespace/name`, or `outside`',
  },
  'unknown-callee': {
    code: 'AMB5102',
    severity: 'error',
    message: '`{name}` names no Service',
    help: 'name a Service and its port: `namespace/name:port`',
  },
  'no-such-port': { code: 'AMB5103', severity: 'error', message: '`{name}` has no port `{port}`' },
  'port-missing': {
    code: 'AMB5104',
    severity: 'error',
    message: 'no port of `{name}` is named; it has {ports}',
    help: 'write `{example}`',
  },
  'name-in-several-clusters': {
    code: 'AMB5105',
    severity: 'error',
    message: '`{name}` is in clusters {clusters}',
    help: 'choose one: `--cluster {example}`',
  },
  'unknown-cluster-name': { code: 'AMB5106', severity: 'error', message: '`{name}` is no cluster of this mesh' },
  'workload-needs-pod-ip': {
    code: 'AMB5107',
    severity: 'error',
    message: '`{name}` is a workload, and no Service has that name',
    help: 'add `--pod-ip` to address its pods',
  },
  'nothing-behind-service': {
    code: 'AMB5108',
    severity: 'error',
    message: 'no workload is behind Service `{name}`',
    help: 'add the manifests of its pods, or name another Service',
  },
  'port-of-gateway': {
    code: 'AMB5109',
    severity: 'error',
    message: 'gateway `{name}` is addressed by the number of a port that it listens on',
    help: 'write `gateway:{name}:443`',
  },
  'token-without-issuer': {
    code: 'AMB5110',
    severity: 'error',
    message: 'a token without an issuer is valid nowhere',
    help: 'say who issued it: `--claim iss=https://issuer.example`',
  },
  'not-modelled': {
    code: 'AMB5111',
    severity: 'error',
    message: 'undecided: {fact}',
  },
  'routed-otherwise': {
    code: 'AMB5120',
    severity: 'error',
    message: 'requests to `{service}` are not treated as {intent} says: {said}',
    help: 'change the route that decides, or what the traffic settings say',
  },
  'routing-not-proved': {
    code: 'AMB5121',
    severity: 'warning',
    message: 'whether requests to `{service}` are treated as its traffic settings say is not known: {fact}',
  },
  'host-made-known-otherwise': {
    code: 'AMB5122',
    severity: 'error',
    message: 'host `{host}` is not made known to the mesh as its traffic settings say: {said}',
    help: 'change the ServiceEntry, or what the traffic settings say',
  },
  'host-refused': {
    code: 'AMB5123',
    severity: 'warning',
    message: 'at the waypoint of host `{host}` policies refuse what `{caller}` sends: {because}',
    help: 'nothing needs to be done if that is meant; else write an AuthorizationPolicy for its ServiceEntry',
  },
  'gateway-limits-otherwise': {
    code: 'AMB5124',
    severity: 'error',
    message: 'gateway `{gateway}` lets other requests through than its limits say: {found}, not {meant}',
    help: 'change the EnvoyFilter that counts, or the limits',
  },
  'gateway-limits-not-proved': {
    code: 'AMB5125',
    severity: 'warning',
    message: 'what gateway `{gateway}` counts of its requests is not known: {fact}',
    help: 'take the object away, or write what it says as `limits`',
  },
  'rate-limit-service-unasked': {
    code: 'AMB5126',
    severity: 'error',
    message: '{proxy} cannot ask rate limit service `{service}` about its requests: {because}',
    help: 'let these proxies know and call it: by a rule for their service accounts, `exportTo` and Sidecar resources',
  },
  'telemetry-otherwise': {
    code: 'AMB5127',
    severity: 'error',
    message: '{subjects} records something else than `{settings}` says: {said}',
    help: 'change the Telemetry that decides, or what the settings say',
  },
  'telemetry-not-proved': {
    code: 'AMB5128',
    severity: 'warning',
    message: 'whether {subjects} records what `{settings}` says is not known: {fact}',
    help: 'give the manifest that says it, or name the provider under `extensionProviders` of the cluster in the Mesh document',
  },
  'limits-otherwise': {
    code: 'AMB5129',
    severity: 'error',
    message: '{proxy} lets other requests through to `{service}` than its limits say: {found}, not {meant}',
    help: 'change the EnvoyFilter that counts, or the limits',
  },
  'call-hidden': {
    code: 'AMB5130',
    severity: 'error',
    message: '`{caller}` may call `{service}`, of which its sidecar knows nothing: {sidecar} leaves it out',
    help: 'add it to `reaches`, or write `reachability: Declared`, which lists all that the intents let pods call',
  },
  'reachability-not-proved': {
    code: 'AMB5131',
    severity: 'warning',
    message: 'whether the sidecars of `{workload}` know what their pods may call is not known: {fact}',
  },
  'provider-hidden': {
    code: 'AMB5132',
    severity: 'error',
    message: 'sidecars of namespace `{namespace}` cannot ask extension provider `{provider}`: {sidecar} leaves it out',
    help: 'add its Service to the Sidecar, or its host to `reaches`',
  },
  'endpoints-otherwise': {
    code: 'AMB5138',
    severity: 'error',
    message: 'on the way to `{service}` proxies keep to something else than its traffic settings say: {said}',
    help: 'change the DestinationRule that decides, or what the traffic settings say',
  },
  'endpoints-not-proved': {
    code: 'AMB5139',
    severity: 'warning',
    message: 'whether proxies keep to what the traffic settings say on the way to `{service}` is not known: {fact}',
  },
  'through-led-elsewhere': {
    code: 'AMB5150',
    severity: 'error',
    message: '`{rule}` speaks of requests that gateway `{gateway}` does not lead to `{service}`: {requests}',
    help: 'name the `paths` that lead there, or take others away by `except`',
  },
  'through-left-out': {
    code: 'AMB5151',
    severity: 'error',
    message: '`{rule}` leaves out requests that gateway `{gateway}` leads to `{service}`: {requests}',
    help: 'name the `paths` in the rule',
  },
  'through-refused-behind': {
    code: 'AMB5152',
    severity: 'error',
    message: '`{rule}` lets requests through gateway `{gateway}` that `{service}` does not take: {requests}',
    help: 'allow them at the Service too: a rule from `{ gateway: {gateway} }`',
  },
  ...companionProof,
  'asked-otherwise': {
    code: 'AMB5156',
    severity: 'error',
    message:
      'external authorizer `{provider}` is {asked} about requests to `{workload}` that the settings {named}: {requests}',
    help: 'change the AuthorizationPolicy with action CUSTOM, or the rule under `external`',
  },
  ...egressProof,
  'mandate-denied': {
    code: 'AMB5159',
    severity: 'error',
    message:
      '`{denial}` denies what `{mandate}` allows, which is a mandate of a wider scope, at `{workload}`: {requests}',
    help: 'deny less, or ask whoever owns the mandate to allow less',
  },
  'companion-missing': {
    code: 'AMB5160',
    severity: 'error',
    message:
      'no NetworkPolicy is for the pods of `{workload}`, though `networkPolicies` asks for one: {caller} may send to it on port {port}, which no rule allows it',
    help: 'apply the NetworkPolicy that `ambit compile` writes for it, or leave `networkPolicies` out',
  },
  'guardrail-broken': {
    code: 'AMB5201',
    severity: 'error',
    message: 'guardrail `{test}` does not hold',
    help: 'change the rule that decides this request, or the guardrail if it says too much',
  },
  'guardrail-not-proved': {
    code: 'AMB5202',
    severity: 'error',
    message: 'guardrail `{test}` cannot be proved: {because}',
    help: 'narrow it to callers and destinations whose way is known',
  },
  'vacuous-test': {
    code: 'AMB5203',
    severity: 'error',
    message: '{kind} `{test}` can never fail: {because}',
    help: 'name callers and destinations between which there is a way',
  },
  'guardrail-leaves-out': {
    code: 'AMB5204',
    severity: 'warning',
    message: 'guardrail `{test}` is not proved for {callers}: how their identity travels is not modelled',
    help: 'write one guardrail for each cluster, with `cluster`, to say that this is meant',
  },
  'no-tests': {
    code: 'AMB5205',
    severity: 'error',
    message: 'there is no AccessTest and no Guardrail to run',
    help: 'write one, or name the files that hold them with `-f`',
  },
  'access-test-failed': {
    code: 'AMB5206',
    severity: 'error',
    message: 'AccessTest `{test}` fails: {claim}',
    help: 'change the rule that decides this request, or what the test expects',
  },
  'access-test-undecided': {
    code: 'AMB5207',
    severity: 'error',
    message: 'AccessTest `{test}` cannot be decided: {because}',
    help: 'say in the Mesh document what is not known, or ask about a request whose way is known',
  },
  ...policyLint,
  ...routeLint,
  ...networkPolicyLint,
} as const satisfies Record<string, CatalogueEntry>;
