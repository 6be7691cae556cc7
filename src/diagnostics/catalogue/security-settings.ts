import type { CatalogueEntry } from '../entry.js';
import { egressNames } from './egress.js';
import { companionNames } from './network-policies.js';

/** What security settings may say of gateways, authorizers, groups, stages and exceptions. */
export const securityNames = {
  'not-delegated': {
    code: 'AMB2131',
    severity: 'error',
    message: 'gateway `{gateway}` does not let settings for namespace `{namespace}` say who may call it',
    help: 'its owner writes `delegatesTo: [{ namespace: {namespace}, hosts: [ … ] }]` under `authorization` of settings with `scope: { gateway: {gateway} }`',
  },
  'host-not-delegated': {
    code: 'AMB2132',
    severity: 'error',
    message:
      'host `{host}` of gateway `{gateway}` is not among those of which settings for namespace `{namespace}` may speak',
    help: 'name a host of `delegatesTo`, or have the gateway’s owner add it there',
  },
  'nothing-led-through': {
    code: 'AMB2133',
    severity: 'error',
    message: 'no path can be told by which gateway `{gateway}` leads requests for {hosts} to `{service}`: it {why}',
    help: 'name the `paths` in the rule, or correct the route, the host or the Service',
  },
  'through-out-of-place': {
    code: 'AMB2134',
    severity: 'error',
    message: '`through` is said in allow and deny rules of applications, and nowhere else',
    help: 'write it under `allow` or `deny` of settings for the Service or its namespace',
  },
  'mtls-of-gateway': {
    code: 'AMB2135',
    severity: 'error',
    message: 'how a gateway takes connections is for its listeners to say, and not for `mtls`',
    help: 'remove `mtls`, and set `tls` of the listener',
  },
  'destination-behind-gateway': {
    code: 'AMB2136',
    severity: 'error',
    message: 'under `scope: { gateway: … }` a rule speaks of requests to the gateway, and not of what is behind it',
    help: 'tell requests apart by `hosts` and `paths`, or write the rule under the scope of the service',
  },
  'requests-at-connection-listener': {
    code: 'AMB2137',
    severity: 'error',
    message: '`{field}` cannot be told at listener `{listener}`, which reads connections only ({protocol})',
    help: 'name a listener that reads requests, or drop the condition',
  },
  'connections-cut-off': {
    code: 'AMB2138',
    severity: 'error',
    message:
      '`default: Deny` closes listener `{listener}` ({protocol}) of gateway `{gateway}` to everybody: no rule speaks of connections there',
    help: 'write a rule for port {port} without conditions: an allow rule, or a deny rule if the listener is to be closed',
  },
  ...egressNames,
  'unknown-authorizer': {
    code: 'AMB2145',
    severity: 'error',
    message: 'nothing says that the MeshConfig of cluster `{cluster}` has an external authorizer `{provider}`',
    help: 'list it under `extensionProviders` of the cluster in the Mesh document, or correct the name',
  },
  'authorizer-without-requests': {
    code: 'AMB2146',
    severity: 'error',
    message: 'no authorizer can be asked about port `{port}` of {destination}, which {what}',
    help: 'name a port that declares HTTP, declare it by `appProtocol: http`, or say `kind: grpc` of an authorizer that speaks it',
  },
  'authorizer-not-watched': {
    code: 'AMB2148',
    severity: 'error',
    message:
      'asking an authorizer cannot be watched: Istio has no dry run of action CUSTOM, and `{settings}` has stage Shadow',
    help: 'move `external` to settings of stage Enforce',
  },
  'several-waypoint-policies': {
    code: 'AMB2149',
    severity: 'error',
    message: 'two project files say where waypoints stand',
    help: 'keep `waypoints` in one of them',
  },
  'waypoints-said-twice': {
    code: 'AMB2150',
    severity: 'error',
    message: 'namespace `{namespace}` is in several `overrides` of `waypoints`',
    help: 'name each namespace in one item',
  },
  'waypoints-of-no-namespace': {
    code: 'AMB2151',
    severity: 'error',
    message: '`waypoints` names namespace `{namespace}`, which no cluster has',
  },
  'waypoint-pods-contradict': {
    code: 'AMB2152',
    severity: 'error',
    message: '`{field}` cannot stand beside `replicas: {replicas}` of a waypoint: {why}',
    help: 'write more replicas, or less of the other',
  },
  'unknown-group': { code: 'AMB2153', severity: 'error', message: 'there is no CallerGroup `{name}`' },
  'group-in-itself': {
    code: 'AMB2154',
    severity: 'error',
    message: 'a group has itself among its members: {path}',
    help: 'name the members of one of them in the other, rather than the group',
  },
  'malformed-namespace-pattern': {
    code: 'AMB2155',
    severity: 'error',
    message: '`{pattern}` is no pattern of namespaces that every proxy compares alike',
    help: 'write the beginning of their names and a star, or a star and their end',
  },
  'contradictory-inheritance': {
    code: 'AMB2156',
    severity: 'error',
    message: '{scope} is given inheritance `{first}` and `{second}`',
    help: 'say it once: all documents of a scope are read together',
  },
  'inheritance-of-widest': {
    code: 'AMB2157',
    severity: 'error',
    message: '`inheritance: {value}` says nothing at scope `{kind}`: no scope is wider',
    help: 'remove `inheritance`',
  },
  'inheritance-of-shared-pods': {
    code: 'AMB2158',
    severity: 'error',
    message:
      '`inheritance: {value}` of {scope} would hold for service `{other}` too, which leads to the same pods and has another',
    help: 'give both Services the same `inheritance`, or write it for the workload or the namespace',
  },
  'mandate-of-nearest': {
    code: 'AMB2159',
    severity: 'error',
    message: 'nobody is held to a mandate of a {kind}: no scope is narrower',
    help: 'remove `mandate`',
  },
  'mandate-relaxed': {
    code: 'AMB2160',
    severity: 'error',
    message: '{what} relaxes {mandate} of {scope}, which is a mandate',
    help: 'remove it here, or ask whoever owns the mandate to relax it',
  },
  'inheritance-not-watched': {
    code: 'AMB2161',
    severity: 'error',
    message:
      'what `{settings}` replaces cannot be watched: `{rule}` refuses requests before anything that is watched is asked',
    help: 'write `inheritance: Stricter`, make that rule a mandate, or replace it with stage Enforce',
  },
  'allowed-and-denied': {
    code: 'AMB2162',
    severity: 'warning',
    message: '`{rule}` allows nobody: all that it means is denied by `{denial}`',
    help: 'take out one of the two, or except from the denial what is to be allowed',
  },
  'mtls-not-watched': {
    code: 'AMB2163',
    severity: 'error',
    message:
      'mutual TLS cannot be watched: Istio has no dry run of a PeerAuthentication, and `{settings}` has stage Shadow',
    help: 'move `mtls` to settings of stage Enforce',
  },
  'unknown-provider-service': {
    code: 'AMB2164',
    severity: 'error',
    message: 'external authorizer `{provider}` is to be asked at `{host}`, {fault}',
    help: 'correct `service`, or give the manifest of the Service or ServiceEntry',
  },
  'unknown-provider-port': {
    code: 'AMB2165',
    severity: 'error',
    message: 'external authorizer `{provider}` is to be asked on port {port} of `{host}`, which has {ports}',
    help: 'correct `port`: it is the number of a port of the Service, not of its pods',
  },
  'provider-to-be-merged': {
    code: 'AMB2166',
    severity: 'info',
    message:
      'no manifest of cluster `{cluster}` shows that its MeshConfig has external authorizer `{provider}`, and Ambit does not write the MeshConfig',
    help: 'merge what `ambit topology -o mesh-config` prints into the MeshConfig, before the policies that name it',
  },
  'provider-field-of-http': {
    code: 'AMB2167',
    severity: 'error',
    message: '`{field}` cannot be said of external authorizer `{provider}`, which speaks gRPC',
    help: 'drop the field: by gRPC an authorizer sees every header, and its own answer says which of them it changes',
  },
  'delegation-of-no-gateway': {
    code: 'AMB2168',
    severity: 'error',
    message: '`delegatesTo` is said of gateways: their owners let others speak of them',
    help: 'write it in settings with `scope: { gateway: … }`',
  },
  'mode-beside-default': {
    code: 'AMB2170',
    severity: 'error',
    message: '`mode: {mode}` says already what happens to a request that no rule mentions',
    help: 'keep one of `mode` and `default`',
  },
  'rules-beside-disabled': {
    code: 'AMB2171',
    severity: 'error',
    message: '`mode: Disabled` lets everybody in, and `{list}` beside it says something else',
    help: 'drop the rules, or say what is meant: `mode: Rules`, or `default: Allow` with rules that deny',
  },
  'group-of-mode': {
    code: 'AMB2172',
    severity: 'error',
    message: '`group` and `mode: Group` belong together, and {what}',
    help: 'write `mode: Group` and `group` with the name of a CallerGroup, or name the group in `from` of a rule',
  },
  'mode-of-gateway': {
    code: 'AMB2173',
    severity: 'error',
    message: '`mode` is said of workloads: who calls a gateway is mostly outside the mesh',
    help: 'write `default` and rules for the gateway',
  },
  'contradictory-mode': {
    code: 'AMB2174',
    severity: 'error',
    message: 'the authorization of {scope} is given two modes: `{first}` and `{second}`',
    help: 'keep one of them',
  },
  'audit-not-watched': {
    code: 'AMB2175',
    severity: 'error',
    message: '`audit` decides nothing that could be watched, and `{settings}` has stage Shadow',
    help: 'move `audit` to settings of stage Enforce',
  },
  'audit-at-gateway': {
    code: 'AMB2176',
    severity: 'error',
    message: '`audit` is said of services and workloads, and not yet of a gateway',
    help: 'write the rule under the scope of the service behind it',
  },
  ...companionNames,
} as const satisfies Record<string, CatalogueEntry>;

/** What `except` takes away, and mandates that hold nobody. */
export const exceptions = {
  'mandate-through-gateway': {
    code: 'AMB2190',
    severity: 'error',
    message:
      'nobody is held to `{rule}` as a mandate: it speaks of requests through a gateway, which has no narrower scope',
    help: 'write `mandate: false` in the rule, and give what it mandates of workloads a rule of its own',
  },
  'nothing-left': {
    code: 'AMB2193',
    severity: 'error',
    message: '`except` takes away everything that is meant',
    help: 'except less, or drop the item',
  },
  'exception-without-effect': {
    code: 'AMB2194',
    severity: 'warning',
    message: 'nothing that is meant is among what is excepted',
    help: 'correct the exception, or drop it',
  },
  'too-many-exceptions': {
    code: 'AMB2195',
    severity: 'error',
    message: 'the exceptions make {count} rules of this one, and {most} are the most that are written',
    help: 'give each exception fewer fields, or write several rules',
  },
  'exception-of-another-kind': {
    code: 'AMB2196',
    severity: 'error',
    message: '{excepted} cannot be excepted from {caller}',
    help: 'except identities from `anyAuthenticated`, a namespace, or `anyone` in a deny rule, and addresses from addresses',
  },
  'any-host-beside-others': {
    code: 'AMB2197',
    severity: 'error',
    message: '`*` is every host of the gateway, `{host}` among them',
    help: 'take out `{host}`, or give it settings of its own: those go before `*`',
  },
  'credentials-for-any-origin': {
    code: 'AMB2198',
    severity: 'warning',
    message:
      '`{origin}` with `credentials` lets pages of every site call with the cookies of whoever opens them, and read the answers',
    help: 'name the origins that may, or take out `credentials`',
  },
} as const satisfies Record<string, CatalogueEntry>;
