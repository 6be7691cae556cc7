import {
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

const ambientAuthorization = 'pilot/pkg/serviceregistry/ambient/authorization.go';
const builder = 'pilot/pkg/security/authz/builder/builder.go';
const generator = 'pilot/pkg/security/authz/model/generator.go';
const waypointListener = 'pilot/pkg/networking/core/listener_waypoint.go';

/** What ztunnel and Envoy make of the policies that reach them. */
export const planes: readonly Law[] = [
  {
    id: '§2.1',
    title: 'What each enforcement point can see',
    statements: [
      'ztunnel decides by the identity, the address and the port of a connection, and by nothing inside it: no host, method, path, header or token.',
      'Sidecars, waypoints and gateways decide by requests where their port carries HTTP, and by connections where it does not (§2.5).',
      'ztunnel takes policies with a selector or without any, and never those with `targetRefs`. Waypoints take those with `targetRefs` only. Sidecars take no `targetRefs`.',
      'ztunnel is sent neither CUSTOM nor AUDIT policies and reads no RequestAuthentication. PeerAuthentication is converted for it (§5.2), and has no effect at a waypoint, which always wants mutual TLS.',
      'A waypoint sees the original client’s identity, for ztunnel connects with the client’s certificate; it sees no address of the client that `ipBlocks` could match (§4.1).',
      'A gateway sees an identity only if the client shows a mesh certificate, which clients from outside do not. Its port is the one that its pods listen on.',
      'A pod outside the mesh has no proxy, so nothing is enforced there.',
    ],
    versions: everyVersion,
    sources: [
      istio(ambientAuthorization, 'convertAuthorizationPolicy', 'handleRule'),
      istio(generator),
      istio('pilot/pkg/xds/filters/filters.go', 'ConnectAuthorityFilter'),
      ztunnel('src/rbac.rs', 'matches'),
    ],
    confirmed: [
      read,
      run('what addresses a waypoint sees'),
      inferred('that a gateway compares the port of its pods and not of its Service'),
    ],
  },
  {
    id: '§2.2',
    title: 'How istiod hands policies to ztunnel',
    statements: [
      'A policy with targets is not sent. CUSTOM, AUDIT and dry runs (unless `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY` is on) are not sent either.',
      'Without a selector a policy holds for its namespace, in the root namespace for the whole mesh; with one, for the pods that it selects.',
      'All items of `to` become one clause, all items of `from` another, and each `when` one of its own. Of every item only what ztunnel can see is kept.',
      'An ALLOW rule with anything that it cannot see is left out whole. The policy stays, even without rules, and by existing denies (§1.2).',
      'A DENY rule is kept without what ztunnel cannot see.',
      'An item of which nothing is left is skipped, so a clause of nothing but such items never matches, and neither does its rule.',
      'Ports and addresses that do not parse fall out of their list without a word.',
    ],
    versions: everyVersion,
    sources: [
      istio(ambientAuthorization, 'convertAuthorizationPolicy', 'handleRule'),
      ztunnel('src/rbac.rs', 'matches', 'is_empty'),
    ],
    confirmed: [read, tested('`TestRBACConvert` of istiod')],
  },
  {
    id: '§2.3',
    title: 'Policies about requests at ztunnel',
    statements: [
      'ALLOW fails closed: a rule with any HTTP attribute (host, method, path, header, token) admits nothing at ztunnel.',
      'DENY fails open where a clause holds nothing but such attributes: the rule never matches, and denies nothing. A caller named beside it in `from` does not help, for `to` is a clause of its own.',
      'DENY denies more than is written where one item holds both: of port 8080 and `GET`, all of port 8080 is denied.',
      'Of alternatives within one clause, those that ztunnel can see go on working.',
      'Each `when` is a clause of its own, so one `when` with an HTTP attribute, `connection.sni`, `remote.ip` or `source.serviceAccount` disarms the whole DENY rule.',
      '`trustDomains` fall out without being reported. An ALLOW with another field beside them admits that caller from every trust domain. Alone in an item they match nobody.',
      'CUSTOM is not sent, so nobody is asked. AUDIT records nothing.',
      'The status says `ZtunnelAccepted=True` all the same, and up to 1.31 calls the DENY more restrictive than requested.',
    ],
    versions: `${everyVersion}; \`trustDomains\` from 1.30.2 on`,
    sources: [
      istio(ambientAuthorization, 'handleRule'),
      ztunnel('src/rbac.rs', 'matches', 'is_empty'),
      issue(61126),
      issue(61166),
    ],
    confirmed: [
      tested('`TestRBACConvert` with its golden files allow-groups and deny-groups'),
      inferred('what becomes of `trustDomains`'),
    ],
  },
  {
    id: '§2.4',
    title: 'Where and how ztunnel enforces',
    statements: [
      'Policies are decided by the ztunnel of the destination alone, for HBONE and for plaintext that it captures.',
      'By HBONE the caller’s identity is that of its certificate, its address that of the peer (the client’s pod, or the waypoint’s or gateway’s), and the destination is the pod’s own address and port.',
      'Plaintext has no identity, and is decided on all the same.',
      'A denied HBONE connection is answered with 401 to the proxy that opened it; the application sees a connection that was closed, never a 403.',
      'A client whose certificate is of another trust domain is refused in the handshake. ztunnel knows no aliases.',
      'When policies change, connections that are now denied are closed.',
      'A policy that a workload lists and ztunnel does not hold is skipped.',
      'Probes of the kubelet are exempt.',
      'The annotation `ambient.istio.io/bypass-inbound-capture: "true"` lets plaintext pass by ztunnel and its policies.',
    ],
    versions: everyVersion,
    sources: [
      ztunnel('src/proxy/inbound.rs'),
      ztunnel('src/proxy/inbound_passthrough.rs'),
      ztunnel('src/proxy/connection_manager.rs'),
      ztunnel('src/tls/workload.rs'),
      ztunnel('src/state.rs', 'assert_rbac'),
      istioApi('annotation/annotations.yaml', 'ambient.istio.io/bypass-inbound-capture'),
      istioDocs('ambient/usage/networkpolicy/index.md'),
    ],
    confirmed: [
      read,
      tested('that live connections are closed'),
      { how: 'documented', what: 'the exemption of probes, and the annotation' },
    ],
  },
  {
    id: '§2.5',
    title: 'Policies about requests on TCP ports of Envoy',
    statements: [
      'ALLOW fails closed: a rule with any HTTP attribute is dropped, and the policy still counts (§1.2).',
      'DENY over-denies: HTTP attributes are taken out and the rest stays. A DENY rule with HTTP attributes only denies every connection. ztunnel does the opposite and denies none (§2.3).',
      'CUSTOM with an HTTP provider is not there at all on TCP, so nobody is asked; with a gRPC provider it asks about more than is written.',
      'A port is TCP because it is declared so, because TLS is passed through, or because what arrives is not recognised as HTTP.',
      'A connection is decided on once, with its first bytes, and closed if it is denied.',
    ],
    versions: everyVersion,
    sources: [
      istio(builder, 'build', 'buildTCP'),
      istio('pilot/pkg/security/authz/model/model.go', 'checkError'),
      istio('pilot/pkg/networking/core/listener_inbound.go', 'buildInboundNetworkFiltersForHTTP'),
      issue(25832),
      issue(24845),
    ],
    confirmed: [read, tested('the golden files tcp/allow-only-http and tcp/deny-both-http-tcp of istiod')],
  },
  {
    id: '§2.6',
    title: 'The order of filters at Envoy, and what a refused caller reads',
    statements: [
      'An external authorizer is asked first, then tokens are validated, then AUDIT, DENY and ALLOW follow. So an authorizer sees tokens before anybody has checked them, and what it adds to a request is what the later steps see.',
      'A waypoint decides before it routes: policies see the path and the host as they arrived, not as a route rewrites them.',
      'A refusal by policy is 403 with `RBAC: access denied`; a bad token is 401; an authorizer answers as it likes, or with `statusOnError` (403) where it fails.',
      'On TCP a refusal closes the connection.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/listener_builder.go', 'buildHTTPConnectionManager'),
      istio(waypointListener, 'buildWaypointHTTPFilters'),
      istio('pilot/pkg/networking/core/networkfilter.go'),
      istio(builder),
    ],
    confirmed: [read, run('that what an authorizer adds is seen by token checks and policies')],
  },
  {
    id: '§2.7',
    title: 'Which way a policy fails that cannot be enforced as written',
    statements: [
      'ALLOW beyond what its point can see denies, everywhere.',
      'DENY beyond it is open at ztunnel, unless the same item keeps something; on TCP at Envoy it denies too much.',
      'CUSTOM beyond it is open.',
      'A policy whose target is served by no waypoint is read by nobody. An ALLOW is open as well: no ALLOW exists then.',
      'A policy that selects a waypoint’s pods is ignored there.',
      'A waypoint that is named and not ready is bypassed, with all of its policies. One that was ready and has lost its pods refuses.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/model/policyattachment.go', 'ShouldAttachPolicy'),
      istio(builder, 'build'),
      ztunnel('src/rbac.rs', 'matches'),
    ],
    confirmed: [read],
  },
];
