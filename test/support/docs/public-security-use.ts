import type { Use } from './public-shares.js';

/** How many documents of each kind were counted, on 2026-11-28. */
export const countedSecurity: Readonly<Record<string, number>> = {
  AuthorizationPolicy: 98,
  RequestAuthentication: 9,
  PeerAuthentication: 6,
};

/** By the kind and what it is; what only test suites do, and what stands beside policies of Istio, was not counted as a use. */
export const publicSecurityUse: Readonly<Record<string, Use>> = {
  'AuthorizationPolicy: caller by principal, namespace; method, path, port, host, header with values': {
    documents: [],
    form: /^spec\.rules\.\d+\.to\.\d+\.operation\.(?:methods|paths|ports|hosts)\./,
  },
  'AuthorizationPolicy: a gateway as destination': { documents: [13], form: /^spec\.targetRefs\.\d+\.kind=Gateway$/ },
  'AuthorizationPolicy: negated paths': { documents: [7], form: /\.operation\.notPaths\./ },
  'AuthorizationPolicy: header absent, or not equal': {
    documents: [7],
    form: /^spec\.rules\.\d+\.when\.\d+\.notValues\./,
  },
  'AuthorizationPolicy: a token required or absent (notRequestPrincipals)': {
    documents: [5],
    form: /\.source\.notRequestPrincipals\.\d+=\*$/,
  },
  'AuthorizationPolicy: CUSTOM': { documents: [4], form: /^spec\.action=CUSTOM$/ },
  'AuthorizationPolicy: claims': { documents: [3], form: /\.when\.\d+\.key=request\.auth\.claims\[/ },
  'AuthorizationPolicy: requestPrincipals of an issuer': {
    documents: [2],
    form: /\.source\.requestPrincipals\.\d+=https:/,
  },
  'AuthorizationPolicy: negated namespaces': { documents: [1], form: /\.source\.notNamespaces\./ },
  'AuthorizationPolicy: seen in test suites only: negated methods, ports, hosts, principals; patterns of methods, namespaces, principals; SNI; remote addresses; dry run; AUDIT; trust domains':
    { documents: [], form: undefined },
  'RequestAuthentication: issuer with jwksUri': { documents: [6], form: /^spec\.jwtRules\.\d+\.jwksUri=/ },
  'RequestAuthentication: token in a header with a prefix': {
    documents: [6],
    form: /^spec\.jwtRules\.\d+\.fromHeaders\.\d+\.prefix=/,
  },
  'RequestAuthentication: original token forwarded': {
    documents: [7],
    form: /^spec\.jwtRules\.\d+\.forwardOriginalToken=true$/,
  },
  'RequestAuthentication: claims to headers': { documents: [5], form: /^spec\.jwtRules\.\d+\.outputClaimToHeaders\./ },
  'RequestAuthentication: payload to a header': {
    documents: [1],
    form: /^spec\.jwtRules\.\d+\.outputPayloadToHeader=/,
  },
  'RequestAuthentication: audiences': { documents: [2], form: /^spec\.jwtRules\.\d+\.audiences\./ },
  'RequestAuthentication: targetRefs': { documents: [2], form: /^spec\.targetRefs\./ },
  'PeerAuthentication: DISABLE': { documents: [1], form: /^spec\.mtls\.mode=DISABLE$/ },
  'NetworkPolicy beside them: 53 in one mesh': { documents: [], form: /^spec\.ingress\.\d+\.from\./ },
};
