import type { Result } from '../../../diagnostics/diagnostic.js';
import type { JsonObject, JsonValue, ManifestObject } from '../../../parse/document.js';
import type { TokenPlace } from '../../../parse/tokens/token-place.js';
import { misfits } from '../../../topology/schemas/shape.js';
import { sortBy } from '../../../util/order.js';
import { asArray, asLabels, asObject, asText, asTexts } from '../../json.js';
import type { PeerAuthentication, PeerMode, RequestAuthentication, TokenRule, WrittenHeader } from '../policy.js';
import { bearer } from '../token-places.js';
import { checkPeerAuthentication, checkRequestAuthentication } from './check-authentication.js';
import { refusals, unexplained } from './complaint.js';
import { peerAuthenticationShape, requestAuthenticationShape } from './policy-shapes.js';
import { readScope } from './read-authorization.js';

/** What a manifest's PeerAuthentication says (§5.1). */
export function readPeerAuthentication(object: ManifestObject): Result<PeerAuthentication> {
  const spec = asObject(object.value.spec) ?? {};
  const selector = asObject(spec.selector);
  const ports = Object.entries(asObject(spec.portLevelMtls) ?? {}).map(([port, mode]) => ({
    port: Number(port),
    mode: readMode(mode),
  }));
  const value: PeerAuthentication = {
    kind: 'PeerAuthentication',
    namespace: object.namespace ?? 'default',
    name: object.name,
    matchLabels: selector === undefined ? undefined : asLabels(selector.matchLabels),
    mode: readMode(spec.mtls),
    ports: sortBy(ports, ({ port }) => port),
    created: asText(asObject(object.value.metadata)?.creationTimestamp) ?? '',
    object,
  };
  const unfit = misfits(object.value.spec ?? {}, peerAuthenticationShape, ['spec']);
  return { value, diagnostics: refusals(object, [...unfit, ...unexplained(checkPeerAuthentication(spec), unfit)]) };
}

function readMode(mtls: JsonValue | undefined): PeerMode {
  const mode = asText(asObject(mtls)?.mode);
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : 'UNSET';
}

/** What a manifest's RequestAuthentication says (§6.1). */
export function readRequestAuthentication(object: ManifestObject): Result<RequestAuthentication> {
  const spec = asObject(object.value.spec) ?? {};
  const value: RequestAuthentication = {
    kind: 'RequestAuthentication',
    namespace: object.namespace ?? 'default',
    name: object.name,
    scope: readScope(spec),
    rules: asArray(spec.jwtRules).map(readTokenRule),
    object,
  };
  const unfit = misfits(object.value.spec ?? {}, requestAuthenticationShape, ['spec']);
  return { value, diagnostics: refusals(object, [...unfit, ...unexplained(checkRequestAuthentication(spec), unfit)]) };
}

function readTokenRule(rule: JsonValue): TokenRule {
  const fields = asObject(rule) ?? {};
  return {
    issuer: asText(fields.issuer) ?? '',
    audiences: asTexts(fields.audiences),
    forwards: fields.forwardOriginalToken === true,
    places: readPlaces(fields),
    wordClaims: asTexts(fields.spaceDelimitedClaims),
    writes: readWrites(fields),
  };
}

function readWrites({ outputClaimToHeaders, outputPayloadToHeader }: JsonObject): readonly WrittenHeader[] {
  const claims = asArray(outputClaimToHeaders).map((item) => {
    const { header, claim } = asObject(item) ?? {};
    return { header: (asText(header) ?? '').toLowerCase(), claim: asText(claim) ?? '' };
  });
  const payload = (asText(outputPayloadToHeader) ?? '').toLowerCase();
  return payload === '' ? claims : [...claims, { header: payload, claim: undefined }];
}

/** Without a place of its own a rule looks into `Authorization: Bearer` and the parameter `access_token` (§6.1). */
function readPlaces({ fromHeaders, fromParams, fromCookies }: JsonObject): readonly TokenPlace[] {
  const named = (kind: 'cookie' | 'parameter', names: readonly string[]) => names.map((name) => ({ kind, name }));
  const headers = asArray(fromHeaders).map((header) => {
    const { name, prefix } = asObject(header) ?? {};
    return { kind: 'header', name: (asText(name) ?? '').toLowerCase(), prefix: asText(prefix) ?? '' } as const;
  });
  const written = [...headers, ...named('cookie', asTexts(fromCookies)), ...named('parameter', asTexts(fromParams))];
  return written.length > 0 ? written : [bearer, { kind: 'parameter', name: 'access_token' }];
}
