import { below, irrelevant, type Kind, modelled, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const source = 'spec.rules.from.source';
const token = 'spec.jwtRules';

const scope = (laws: string) =>
  modelled(
    below('spec', 'selector', 'targetRef', 'targetRefs'),
    'mesh/policies/attach.ts',
    `which proxies are given it (${laws})`,
  );

export const security: readonly Kind[] = [
  {
    name: 'security.istio.io/AuthorizationPolicy',
    about: 'who may do what',
    entries: [
      scope('§3.1 to §3.4'),
      modelled(
        ['spec.action', 'spec.provider'],
        ['mesh/policies/decide-hop.ts', 'mesh/policies/enforcement.ts'],
        'what a match does, and in which order (§1.2, §2.6, §7)',
      ),
      modelled(
        [
          ...below(source, 'principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'serviceAccounts'),
          ...below(
            source,
            'notServiceAccounts',
            'requestPrincipals',
            'notRequestPrincipals',
            'ipBlocks',
            'notIpBlocks',
          ),
          ...below(source, 'trustDomains', 'notTrustDomains'),
          'spec.rules.to',
        ],
        ['mesh/policies/envoy.ts', 'mesh/policies/ztunnel.ts', 'mesh/policies/evaluate.ts'],
        'which requests match, as far as the proxy sees what is compared (§1.3, §1.4, §2.1 to §2.5)',
      ),
      modelled(
        below(source, 'remoteIpBlocks', 'notRemoteIpBlocks'),
        'mesh/paths/gateway/addresses.ts',
        'which clients match at gateways of which it is known how many proxies stand before them (§1.3); requests that hang on it elsewhere are undecided',
      ),
      modelled(
        ['spec.rules.when'],
        ['mesh/policies/read/read-authorization.ts', 'mesh/view.ts'],
        'conditions (§1.6); requests that hang on `connection.sni` anywhere but at gateways, on `destination.ip` without a cluster’s copy or on the metadata of Envoy filters are undecided',
      ),
      modelled(
        ['metadata.annotations[istio.io/dry-run]'],
        'mesh/policies/read/read-authorization.ts',
        'that it enforces nothing (§7)',
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'security.istio.io/PeerAuthentication',
    about: 'whether plaintext is taken',
    entries: [
      modelled(
        below('spec', 'selector', 'mtls', 'portLevelMtls'),
        ['mesh/policies/peer-authentication.ts', 'mesh/policies/ambient-peer-authentication.ts'],
        'what sidecars (§5.1) and ztunnel (§5.2) take, and what clients send (§4.5)',
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'security.istio.io/RequestAuthentication',
    about: 'which tokens count',
    entries: [
      scope('§3.1, §6.2'),
      modelled(
        [
          ...below(token, 'issuer', 'audiences', 'forwardOriginalToken', 'fromHeaders', 'fromParams', 'fromCookies'),
          ...below(token, 'outputClaimToHeaders', 'outputPayloadToHeader', 'spaceDelimitedClaims'),
        ],
        ['mesh/policies/token.ts', 'mesh/policies/token-places.ts', 'mesh/policies/written-headers.ts'],
        'which tokens are refused, and what policies see of the others (§6.1, §6.3, §6.5); a token in another place than `Authorization: Bearer` leaves its request undecided',
      ),
      irrelevant(
        below(token, 'jwks', 'jwksUri', 'jwks_uri', 'timeout'),
        'who asks says whether a token is valid: no manifest holds the keys of those who sign',
      ),
      ofOtherRevisions,
      status,
    ],
  },
];
