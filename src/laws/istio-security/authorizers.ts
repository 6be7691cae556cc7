import { everyVersion, issue, istio, istioApi, type Law, read, run, tested, ztunnel } from '../law.js';

const authorizers = 'pilot/pkg/security/authz/builder/extauthz.go';
const builder = 'pilot/pkg/security/authz/builder/builder.go';

/** CUSTOM, AUDIT, dry runs, and the flags of istiod that matter to policies. */
export const authorizerLaws: readonly Law[] = [
  {
    id: '§7',
    title: 'External authorizers, AUDIT and dry runs',
    statements: [
      'A CUSTOM policy asks the provider that it names about what its rules match. The provider’s yes does not skip DENY and ALLOW.',
      'Up to 1.29 one workload has one provider. Two names, a name that the MeshConfig does not have, or a provider whose service is in no registry: everything that the CUSTOM rules match is denied. From 1.30 on several are possible behind `PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS`, which is off by default.',
      'Of a provider only the host is looked up in the registry, and not the port. Where the Service has no such port, no proxy has a way there, and requests meet what `failOpen` says.',
      'Where a provider does not answer, the request is refused with `statusOnError` (403), unless it has `failOpen`.',
      'On a TCP port an HTTP provider is not asked at all; a gRPC provider is.',
      'ztunnel asks nobody: CUSTOM is not sent to it.',
      'CUSTOM rules speak of neither identities nor tokens, for they are asked before either is known.',
      'They are asked before tokens are validated and before DENY and ALLOW: what a provider writes into a request that it lets pass (a token, a header, a path) is what all of these see. An HTTP provider writes the headers of `headersToUpstreamOnAllow` and no others.',
      'AUDIT marks requests and connections (`access_log_hint` in the metadata `envoy.common`), before DENY and ALLOW, and decides nothing. Who reads the mark logs them: the filter of an access log can. Istio’s own logs do not.',
      'A dry run (`istio.io/dry-run: "true"`, on ALLOW and DENY) is watched and decides nothing at Envoy; it never counts as an ALLOW that exists.',
      'To ztunnel a dry run is sent only with `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY`, which istiod has from 1.29 on; a ztunnel before 1.29 ignores the mark and enforces the policy.',
    ],
    versions: everyVersion,
    sources: [
      istio(authorizers),
      istio(builder, 'build', 'buildTCP'),
      istio('pilot/pkg/model/telemetry_logging.go', 'LookupCluster'),
      istioApi('mesh/v1alpha1/config.proto', 'ExtensionProvider'),
      ztunnel('src/state.rs', 'assert_rbac'),
      issue(40944),
    ],
    confirmed: [
      read,
      tested('`assert_rbac_dry_run_with_real_policies`, for dry runs at ztunnel'),
      run('a provider in no registry, and that 1.28 has no flag for dry runs in ambient'),
    ],
  },
  {
    id: '§9.3',
    title: 'Flags of istiod that change what policies do',
    statements: [
      '`AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY`, off: send dry runs to ztunnel (§7).',
      '`PILOT_AUTO_ALLOW_WAYPOINT_POLICY`, off: add an ALLOW of the waypoint at the pods (§4.3).',
      '`ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES`, off: evaluate policies in front of a waypoint (§3.3).',
      '`ENABLE_INGRESS_WAYPOINT_ROUTING`, on in ambient: honour the label that sends gateways through waypoints.',
      '`ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY`, on: let policies without targets reach gateways of the Gateway API (§3.1).',
      '`PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS`, off, from 1.30 on: several external authorizers for one workload (§7).',
      '`PILOT_JWT_ENABLE_REMOTE_JWKS`, off: let Envoy fetch the keys of token issuers instead of istiod.',
      '`PILOT_PREFER_SENDING_HBONE`, off: sidecars call sidecars by HBONE.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/features/ambient.go'), istio('pilot/pkg/features/pilot.go')],
    confirmed: [read],
  },
];
