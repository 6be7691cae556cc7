import type { IstioVersion } from '../../../parse/mesh.js';
import { flag, listOf, mapOf, objectOf, oneOf, type Shape, text } from '../../../topology/schemas/shape.js';
import { negated, operationFields, sourceFields } from '../../fields.js';

const texts = listOf(text);
const selector = objectOf({ matchLabels: mapOf(text) });
const target = objectOf({ group: text, kind: text, name: text, namespace: text });
const scope = { selector, targetRef: target, targetRefs: listOf(target, 16) };

/** The `spec` of an AuthorizationPolicy (§1.1, §1.7). */
export function authorizationShape(version: IstioVersion): Shape {
  return version >= '1.30' ? withTrustDomains : withoutTrustDomains;
}

const sources = Object.keys(sourceFields);
const withTrustDomains = authorizationOf(sources);
const withoutTrustDomains = authorizationOf(sources.filter((field) => field !== 'trustDomains'));

function authorizationOf(fieldsOfSource: readonly string[]): Shape {
  const rule = objectOf({
    from: listOf(objectOf({ source: withNegations(fieldsOfSource) }), 512),
    to: listOf(objectOf({ operation: withNegations(Object.keys(operationFields)) })),
    when: listOf(objectOf({ key: text, values: texts, notValues: texts })),
  });
  return objectOf({
    ...scope,
    action: oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    provider: objectOf({ name: text }),
    rules: listOf(rule, 512),
  });
}

function withNegations(names: readonly string[]): Shape {
  return objectOf(Object.fromEntries(names.flatMap((name) => [name, negated(name)]).map((name) => [name, texts])));
}

const mutualTls = objectOf({ mode: oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT') });

/** The `spec` of a PeerAuthentication (§5.1). */
export const peerAuthenticationShape = objectOf({ selector, mtls: mutualTls, portLevelMtls: mapOf(mutualTls) });

const tokenRule = objectOf({
  issuer: text,
  audiences: texts,
  jwks: text,
  jwksUri: text,
  jwks_uri: text,
  fromHeaders: listOf(objectOf({ name: text, prefix: text })),
  fromParams: texts,
  fromCookies: texts,
  outputPayloadToHeader: text,
  outputClaimToHeaders: listOf(objectOf({ header: text, claim: text })),
  forwardOriginalToken: flag,
  timeout: text,
  spaceDelimitedClaims: listOf(text, 64),
});

/** The `spec` of a RequestAuthentication (§6.1). */
export const requestAuthenticationShape = objectOf({ ...scope, jwtRules: listOf(tokenRule, 4096) });
