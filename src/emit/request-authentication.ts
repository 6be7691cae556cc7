import type { PlacedRequestAuthentication } from '../ir/policy-ir.js';
import type { JsonObject } from '../parse/document.js';
import type { TokenIssuer } from '../parse/tokens/token-issuer.js';
import { attachment } from './attachment.js';
import type { Manifest } from './manifest.js';
import { distinct, objectComment, ownMetadata, type Provenance } from './provenance.js';

export function requestAuthentication(placed: PlacedRequestAuthentication, provenance: Provenance): Manifest {
  const { cluster, namespace, name, issuers, purpose, origins } = placed;
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { name, namespace, ...ownMetadata(purpose, origins) },
      spec: { ...attachment(placed.attachment), jwtRules: issuers.map(tokenRule) },
    },
    header: objectComment(purpose, origins, provenance),
    comments: issuers.map(({ name: issuer }, index) => ({
      path: ['spec', 'jwtRules', index],
      lines: provenance === 'none' ? [] : [`tokens of ${issuer}`],
    })),
    realises: distinct(origins).map(({ id }) => id),
  };
}

function tokenRule(issuer: TokenIssuer): JsonObject {
  const { audiences, keys, forwardOriginalToken, outputPayloadToHeader, spaceDelimitedClaims, timeout } = issuer;
  const claims = issuer.outputClaimToHeaders.map(({ header, claim }) => ({ header, claim }));
  return {
    issuer: issuer.issuer,
    ...(audiences.length > 0 ? { audiences } : {}),
    ...(keys.kind === 'discovered' ? {} : { [keys.kind]: keys.value }),
    ...placesOf(issuer),
    ...(forwardOriginalToken ? { forwardOriginalToken } : {}),
    ...(claims.length > 0 ? { outputClaimToHeaders: claims } : {}),
    ...(outputPayloadToHeader ? { outputPayloadToHeader } : {}),
    ...(spaceDelimitedClaims.length > 0 ? { spaceDelimitedClaims } : {}),
    ...(timeout ? { timeout } : {}),
  };
}

function placesOf({ from = [] }: TokenIssuer): JsonObject {
  const headers = from.flatMap((place): JsonObject[] => {
    if (place.kind !== 'header') return [];
    return [{ name: place.name, ...(place.prefix === '' ? {} : { prefix: place.prefix }) }];
  });
  const named = (kind: string) => from.filter((place) => place.kind === kind).map(({ name }) => name);
  const [cookies, parameters] = [named('cookie'), named('parameter')];
  return {
    ...(headers.length > 0 ? { fromHeaders: headers } : {}),
    ...(parameters.length > 0 ? { fromParams: parameters } : {}),
    ...(cookies.length > 0 ? { fromCookies: cookies } : {}),
  };
}
