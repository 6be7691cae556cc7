import { everyVersion, inferred, issue, istio, istioDocs, type Law, read, run, tested, ztunnel } from '../law.js';

/** How values are compared, and where Envoy and ztunnel differ. */
export const matching: readonly Law[] = [
  {
    id: '§8.1',
    title: 'What Envoy makes of a path before it is compared',
    statements: [
      '`pathNormalization` of the MeshConfig decides. By default (BASE) `/./` and `/../` are resolved, a backslash becomes `/`, and escapes of letters, digits, `-`, `.`, `_` and `~` are decoded. `//`, `%2F` and `%5C` stay.',
      'MERGE_SLASHES also makes `//` one slash; DECODE_AND_MERGE_SLASHES also decodes `%2F` and `%5C` first; NONE changes nothing.',
      'The characters `|`, `^`, `"`, `<`, `>`, the backtick, `{` and `}` are percent-encoded.',
      'What is compared is what is forwarded. The query takes no part in it.',
      'A fragment, from `#` on, is left out before anything else, also of what is forwarded: Istio starts its proxies so, where Envoy by itself answers 400.',
      '`%00` in a path, methods in small letters and a scheme in Host are answered with 400.',
      'ztunnel reads no paths. What the application makes of a path is its own matter.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/networking/core/listener_builder.go'),
      istio('pkg/bootstrap/config.go', 'extractRuntimeFlags'),
      istioDocs('reference/config/security/normalization/index.md'),
      istioDocs('ops/best-practices/security/index.md'),
    ],
    confirmed: [
      tested('`TestAuthz_PathNormalization`'),
      run('which characters are encoded, and what is answered with 400'),
    ],
  },
  {
    id: '§8.2',
    title: 'What is compared without regard to case',
    statements: [
      'Hosts and the names of headers. Everything else goes by case: methods, paths, values of headers, identities and claims.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/security/authz/matcher/header.go', 'HostMatcher'),
      ztunnel('src/state/policy.rs', 'StringMatch'),
    ],
    confirmed: [read],
  },
  {
    id: '§8.3',
    title: 'Trust domains',
    statements: [
      'At Envoy `cluster.local` in a full principal stands for the mesh’s trust domain, and aliases are added to it. A principal with a wildcard in it gets neither.',
      'ztunnel takes principals as they are written, and knows no aliases.',
      'Waypoints and sidecars accept certificates of the own trust domain and of its aliases, ztunnel those of its own only; others fail in the handshake.',
      '`serviceAccounts` hold in any trust domain.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/security/trustdomain/bundle.go'),
      istio('pilot/pkg/networking/core/listener_waypoint.go'),
      ztunnel('src/tls/workload.rs'),
      issue(1260, 'istio/ztunnel'),
      issue(58511),
      issue(47322),
    ],
    confirmed: [read],
  },
  {
    id: '§8.4',
    title: 'Values that Envoy and ztunnel compare differently',
    statements: [
      'A namespace with a `*` inside is a pattern at Envoy, and that very text at ztunnel, which no namespace has.',
      'Characters of regular expressions in namespaces and in principals that begin with `*` have their special meaning at Envoy up to 1.28.8 and 1.29.2; from 1.28.9, 1.29.3 and 1.30 on they are themselves.',
      '`*` as an identity is any peer with a certificate at Envoy, and any SPIFFE identity at ztunnel.',
      'A port or an address that does not parse makes istiod drop the rule for Envoy, while for ztunnel the value alone falls out, which may widen the rule or leave nothing of it.',
      'An IPv4 address that is written as IPv6 (`::ffff:10.1.2.3`) matches no IPv4 peer at ztunnel.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/security/authz/model/generator.go', 'srcNamespaceGenerator'),
      istio('pilot/pkg/security/authz/matcher/string.go'),
      istio('pilot/pkg/serviceregistry/ambient/authorization.go', 'stringToIP', 'stringToPort'),
      istio('releasenotes/notes/59992.yaml'),
    ],
    confirmed: [read, run('IPv4 addresses that are written as IPv6')],
  },
  {
    id: '§13',
    title: 'What nobody has confirmed',
    statements: [
      'Which identity a pod sees behind an ambient east-west gateway of another network: the reports differ, so Ambit takes it as not known.',
      'Whether Envoy takes a path template with `=` in its own text (§1.5).',
      'What `trustDomains` become at ztunnel in later versions (§2.3).',
      'Policies for the Gateway in front of a waypoint, with the flag of §3.3.',
      'Canary waypoints (W-20).',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/serviceregistry/ambient/multicluster.go'),
      issue(61704),
      istio('releasenotes/notes/60806.yaml'),
    ],
    confirmed: [inferred('all of it; that is why it stands here')],
  },
];
