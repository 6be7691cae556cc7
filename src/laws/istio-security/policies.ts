import {
  envoy,
  everyVersion,
  inferred,
  issue,
  istio,
  istioApi,
  istioDocs,
  type Law,
  read,
  run,
  tested,
  ztunnel,
} from '../law.js';

const builder = 'pilot/pkg/security/authz/builder/builder.go';
const generator = 'pilot/pkg/security/authz/model/generator.go';
const model = 'pilot/pkg/security/authz/model/model.go';
const validation = 'pkg/config/validation/validation.go';
const security = 'pkg/config/security/security.go';
const proto = 'security/v1beta1/authorization_policy.proto';

/** How an AuthorizationPolicy is read, wherever it is enforced. */
export const policies: readonly Law[] = [
  {
    id: '§1.1',
    title: 'How the parts of an AuthorizationPolicy combine',
    statements: [
      'A policy matches if one of its rules does; a rule matches if its `from`, its `to` and every entry of its `when` do. A part that is absent matches everything.',
      'Items of `from` and of `to` are alternatives, and so are the values of one field. The fields of one item must all match.',
      'A `notX` field is the negation of all of its values together, and counts beside the positive field.',
      'ALLOW without rules matches nothing, and by existing it denies everything in its scope. That is also what `spec: {}` means.',
      'A rule that is empty (`rules: [{}]`) matches everything: an ALLOW then admits all, a DENY refuses all.',
      'DENY and CUSTOM without rules are refused by the webhook, and so are `source: {}` and `operation: {}`.',
      '`from: []` is accepted, and means everyone.',
    ],
    versions: everyVersion,
    sources: [
      istioApi(proto),
      istio(model, 'New', 'generatePermission', 'generatePrincipal'),
      istio(builder, 'build'),
      istio(validation, 'ValidateAuthorizationPolicy'),
      ztunnel('src/rbac.rs', 'matches'),
    ],
    confirmed: [
      read,
      tested('`rbac_empty_policy` of ztunnel, and the golden file allow-full of istiod'),
      run('that `from: []` is accepted and means everyone'),
    ],
  },
  {
    id: '§1.2',
    title: 'The order in which policies decide',
    statements: [
      'At each enforcement point: an external authorizer that a CUSTOM policy asks may deny; then any matching DENY denies; then, if ALLOW policies exist there, one of them must match. Without an ALLOW policy the request passes.',
      'What counts is that an ALLOW policy was delivered to the point, not that any of its rules is left: one whose rules were all dropped still denies everything.',
      'Policies of the root namespace, of the namespace and of the workload are one set. None has precedence over another.',
      'Each enforcement point on the way decides by itself, and the request must pass all of them.',
      'AUDIT decides nothing.',
    ],
    versions: everyVersion,
    sources: [
      istioApi(proto),
      istio(builder, 'build'),
      istio('pilot/pkg/model/authorization.go', 'ListAuthorizationPolicies'),
      ztunnel('src/state.rs', 'assert_rbac'),
    ],
    confirmed: [read, tested('the golden file allow-only-http of istiod, for an ALLOW without usable rules')],
  },
  {
    id: '§1.3',
    title: 'What `source` compares',
    statements: [
      'Identity comes from the peer’s certificate. A connection without one has none, so every positive identity field fails for it and every negative one (`notPrincipals`, `notNamespaces`, `notServiceAccounts`) holds.',
      '`principals` are `<trust domain>/ns/<namespace>/sa/<service account>`, without `spiffe://`: a value that begins with it matches nobody. `*` at the beginning, at the end or alone is a wildcard.',
      '`namespaces` compare the namespace of that identity.',
      '`serviceAccounts` are `namespace/name`, or a name in the policy’s own namespace. They are compared exactly and in any trust domain, and stand beside neither `principals` nor `namespaces`. There may be 16, since Istio 1.25.',
      '`trustDomains` exist in the API from 1.30 on, and istiod obeys them from 1.30.2 on. It leaves them out for ztunnel (§2.3).',
      '`ipBlocks` compare the peer of the connection. At a waypoint, and at a sidecar that is reached by HBONE, that is an internal address of Envoy: a positive block never matches there, and a negative one always does.',
      '`remoteIpBlocks` compare the address that X-Forwarded-For or the PROXY protocol gives, as far as proxies are trusted. ztunnel does not know them.',
      '`requestPrincipals` compare the validated token (§6.5).',
    ],
    versions: everyVersion,
    sources: [
      istioApi(proto),
      istio(generator, 'srcPrincipalGenerator', 'srcNamespaceGenerator', 'srcIPGenerator', 'remoteIPGenerator'),
      ztunnel('src/rbac.rs', 'matches'),
      issue(1901, 'istio/ztunnel'),
    ],
    confirmed: [
      read,
      tested('`not_principals`, `not_namespaces` and `not_service_accounts` of ztunnel, for plaintext'),
      run('what `ipBlocks` see at a waypoint and behind HBONE, in 1.29.6 and 1.31.0-rc.0'),
    ],
  },
  {
    id: '§1.4',
    title: 'What `operation` compares',
    statements: [
      '`hosts` are compared with the whole authority, its port included, without regard to case. A bare name does not match a client that writes the port; `name:*` or `name:port` does.',
      '`ports` are compared exactly with the destination port at the enforcement point: the pod’s port at ztunnel and sidecars, the Service’s at a waypoint (§4.4).',
      '`methods` are compared with regard to case, and every call of gRPC is a `POST`.',
      '`paths` are compared with regard to case, without query and fragment, after normalisation (§8.1).',
      'A `*` at the beginning means a suffix, at the end a prefix, alone anything that is not empty; a header only has to be there. Any other `*` is that character. With one at both ends, the last is a character.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/security/authz/matcher/header.go', 'HostMatcher', 'HeaderMatcher'),
      istio('pilot/pkg/security/authz/matcher/string.go', 'StringMatcherWithPrefix'),
      istio(generator, 'hostGenerator', 'pathGenerator', 'methodGenerator'),
      issue(44080),
      issue(39810),
    ],
    confirmed: [read],
  },
  {
    id: '§1.5',
    title: 'Path templates',
    statements: [
      'A path with `{*}` or `{**}` is a template, and must match the whole path. `{*}` is one segment that is not empty; `{**}` is any number of characters, slashes included, also none.',
      'Braces stand for whole segments only, nothing with braces may follow `{**}`, and the other segments of a template hold neither `*` nor characters outside of a fixed set. The webhook refuses the rest, and looks at braces in every path.',
      "A `{*}` takes letters, digits and `-._~%!$&'()+,;:@=*`; a `{**}` these and `/`.",
      '`/allow/{**}` matches `/allow/` but not `/allow`; `/a/{*}/b` does not match `/a//b`.',
      'A template with `=` in its own text is accepted by the webhook and may be refused by Envoy.',
    ],
    versions: everyVersion,
    sources: [
      istio(security, 'CheckValidPathTemplate'),
      istio('pilot/pkg/security/authz/matcher/template.go', 'PathTemplateMatcher'),
      envoy('source/extensions/path/uri_template_lib/uri_template_internal.cc'),
    ],
    confirmed: [
      tested('`TestCheckValidPathTemplate` and `TestAuthz_PathTemplating`'),
      run('which characters `{*}` and `{**}` take, on Envoy 1.36 to 1.39'),
      inferred('what Envoy does with `=` in a template’s own text'),
    ],
  },
  {
    id: '§1.6',
    title: 'The keys of `when`',
    statements: [
      'At ztunnel, sidecars, gateways and waypoints: `source.ip`, `source.namespace`, `source.principal`, `destination.ip` and `destination.port`.',
      'At Envoy only: `remote.ip`, `source.serviceAccount`, `source.trustDomain` (from 1.30.2 on), `connection.sni` and `experimental.envoy.filters.*`. ztunnel takes `source.serviceAccount` for an HTTP attribute here, although it knows `serviceAccounts` in `from`.',
      'At Envoy, on HTTP ports only: `request.headers[name]`, `request.auth.principal`, `request.auth.audiences`, `request.auth.presenter` and `request.auth.claims[…]`.',
      'Names of headers are compared without regard to case, their values with it.',
      '`connection.sni` is the name in the TLS handshake that ends at the proxy, or that it passes on: at a gateway that for which the client asks, in the mutual TLS of the mesh one that the proxy before writes (`outbound_.443_._.` and the host), and none where a connection has no handshake.',
      '`destination.ip` is the address at the enforcement point, so a virtual IP at a waypoint.',
      'Any other key is refused by the webhook. Where a policy bypassed the webhook, istiod drops the whole rule at Envoy, and at ztunnel an ALLOW loses the rule while a DENY with it never matches.',
    ],
    versions: everyVersion,
    sources: [
      istio(model, 'New'),
      istio(security, 'ValidateAttribute'),
      istio('pilot/pkg/serviceregistry/ambient/authorization.go', 'handleRule'),
      istioDocs('reference/config/security/conditions/index.md'),
    ],
    confirmed: [read, inferred('what becomes of an unknown key that bypassed the webhook')],
  },
  {
    id: '§1.7',
    title: 'What the cluster refuses in security policies',
    statements: [
      'At most one of `selector`, `targetRef` and `targetRefs`; at most 16 targets, each with kind and name and without a namespace of its own.',
      'A target is a Service, a ServiceEntry, a Gateway or a GatewayClass, under the API group of each.',
      'AuthorizationPolicy: at most 512 rules and 512 items of `from`; every `when` has a key and a value; ports are 0 to 65535, addresses parse, and no value is empty.',
      '`provider` belongs to CUSTOM and CUSTOM needs it; its rules may not speak of identities or tokens.',
      'A dry run (`istio.io/dry-run`) is for ALLOW and DENY, and says true or false.',
      'PeerAuthentication: `portLevelMtls` needs a selector and at least one port of 1 to 65535.',
      'RequestAuthentication: `issuer` or `jwksUri` is needed, `jwks` and `jwksUri` exclude each other, and a `jwksUri` is http or https.',
      'A selector holds no `*` and no empty key. An empty one is accepted with a warning (§3.4).',
      'A DENY with HTTP attributes only and no port is accepted with a warning: on TCP ports it denies everything (§2.5).',
    ],
    versions: everyVersion,
    sources: [
      istio(
        validation,
        'ValidateAuthorizationPolicy',
        'validatePolicyTargetReference',
        'validateJwtRule',
        'validateWorkloadSelector',
      ),
      istio(security, 'ValidatePorts', 'ValidateIPs', 'CheckEmptyValues'),
      istioApi(proto),
      istioApi('security/v1beta1/peer_authentication.proto'),
      istioApi('security/v1beta1/request_authentication.proto'),
      istioApi('type/v1beta1/selector.proto'),
    ],
    confirmed: [read],
  },
];
