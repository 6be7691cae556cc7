import { everyVersion, issue, istio, istioApi, type Law, read, run, tested } from '../law.js';

const applier = 'pilot/pkg/security/authn/policy_applier.go';
const generator = 'pilot/pkg/security/authz/model/generator.go';
const proto = 'security/v1beta1/request_authentication.proto';

/** RequestAuthentication, and what policies can say of tokens. */
export const tokens: readonly Law[] = [
  {
    id: '§6.1',
    title: 'Where a token is looked for',
    statements: [
      'A rule that names no place looks into `Authorization: Bearer` and into the query parameter `access_token`. One that names `fromHeaders`, `fromParams` or `fromCookies` looks only there.',
      'The token is taken out of the request once it is validated, unless `forwardOriginalToken` is set. A later proxy then sees none.',
      'Claims whose text is a list of words: `scope`, `permission`, and those of `spaceDelimitedClaims`.',
      '`outputClaimToHeaders` and `outputPayloadToHeader` take away what the client sent in a header of that name, and write the claim before policies are evaluated. A claim that the token lacks leaves no header. Texts, whole numbers and booleans are written as they stand; lists, objects and the payload are encoded.',
      'Of several rules only those up to the one that accepts the token take headers away. A CORS preflight keeps all of its headers.',
    ],
    versions: `${everyVersion}; cookies since 1.23, \`spaceDelimitedClaims\` since 1.28`,
    sources: [istioApi(proto), istio(applier, 'convertToEnvoyJwtConfig')],
    confirmed: [read, run('what becomes of a client’s header of the same name')],
  },
  {
    id: '§6.2',
    title: 'Who validates tokens',
    statements: [
      'Sidecars and classic gateways on HTTP ports, for RequestAuthentications with a selector or without one.',
      'Gateways of the Gateway API, for those that name the Gateway, and for those without targets unless the flag of §3.1 is off.',
      'Waypoints, for those with `targetRefs` only.',
      'ztunnel never. A RequestAuthentication that selects ambient pods has no effect, and no status says so.',
      'Nobody on a TCP port.',
    ],
    versions: everyVersion,
    sources: [istio('pilot/pkg/model/policyattachment.go', 'ShouldAttachPolicy'), istio(applier), issue(45502)],
    confirmed: [read],
  },
  {
    id: '§6.3',
    title: 'What becomes of a request with and without a token',
    statements: [
      'Without a token in any of the places it passes, and has no request principal. Requiring a token needs an AuthorizationPolicy at the same enforcement point: an ALLOW with `requestPrincipals: ["*"]`, or a DENY with `notRequestPrincipals: ["*"]`.',
      'A valid token gives the principal `<issuer>/<subject>` and its claims.',
      'A token that is expired, badly signed or of an unknown issuer is 401 before any policy is evaluated; one for another audience is 403.',
      'Of several rules it is enough that one accepts the token. istiod puts those of all policies in the order of their issuers.',
      'A CORS preflight is not checked and carries no principal, whatever token it has. Policies are evaluated for it all the same.',
      'Where istiod cannot fetch the keys of an issuer, none of its tokens is valid; requests without a token still pass.',
    ],
    versions: everyVersion,
    sources: [
      istio(applier, 'newPolicyApplier'),
      istio(applier, 'convertToEnvoyJwtConfig'),
      istio('pilot/pkg/model/jwks_resolver.go'),
    ],
    confirmed: [
      tested('`TestConvertToEnvoyJwtConfig` and `TestL7JWT`'),
      run('the answer to another audience, and preflights with a token'),
    ],
  },
  {
    id: '§6.5',
    title: 'How request principals and claims are compared',
    statements: [
      'A value of `requestPrincipals` with a slash is split at its last one into issuer and subject, and each is compared by itself. `*` wants both to be there.',
      'A wildcard behind an issuer that is a URL therefore falls into the subject: `https://exa*` matches nobody. Compare the claim `iss` instead.',
      'A token without `iss` or `sub` has no request principal.',
      'A claim is compared if it is a text or a list of texts, of which any may match. Numbers and booleans never equal a text.',
      '`request.auth.claims[a][b]` goes into nested claims.',
    ],
    versions: everyVersion,
    sources: [
      istio(generator, 'requestPrincipalGenerator', 'requestClaimGenerator'),
      istio('pilot/pkg/security/authz/model/util.go', 'extractNameInNestedBrackets'),
      istio(applier),
    ],
    confirmed: [tested('`TestRequestPrincipal`'), run('claims that are numbers and booleans')],
  },
];
