import type { JsonObject, JsonValue, Path } from '../../../parse/document.js';
import { type Complaint, complaintWhen } from '../../../topology/schemas/complaint.js';
import { nanosecondsOf } from '../../go-duration.js';
import { asArray, asLabels, asObject, asText } from '../../json.js';
import { checkScope, checkSelector } from './check-scope.js';

/** What the API server and the webhook refuse in a PeerAuthentication of the right shape (§1.7). */
export function checkPeerAuthentication(spec: JsonObject): readonly Complaint[] {
  const place = ['spec', 'portLevelMtls'];
  const ports = asObject(spec.portLevelMtls);
  const labels = asLabels(asObject(spec.selector)?.matchLabels);
  if (ports === undefined) return checkSelector(spec);
  const names = Object.keys(ports);
  return [
    ...checkSelector(spec),
    ...complaintWhen(names.length === 0, place, '`portLevelMtls` needs at least one port'),
    ...complaintWhen(Object.keys(labels).length === 0, place, '`portLevelMtls` needs a selector'),
    ...names.flatMap((port) => complaintWhen(!isPort(port), [...place, port], `\`${port}\` is no port`)),
  ];
}

function isPort(written: string): boolean {
  return /^\d+$/.test(written) && Number(written) > 0 && Number(written) <= 65535;
}

/** The same of a RequestAuthentication (§1.7, §6.1). */
export function checkRequestAuthentication(spec: JsonObject): readonly Complaint[] {
  return [
    ...checkScope(spec),
    ...asArray(spec.jwtRules).flatMap((rule, index) => checkTokenRule(rule, ['spec', 'jwtRules', index])),
  ];
}

function checkTokenRule(rule: JsonValue, place: Path): readonly Complaint[] {
  const fields = asObject(rule) ?? {};
  const { issuer, jwks, jwksUri, jwks_uri } = fields;
  const inline = asText(jwks);
  const keys = [jwks, jwksUri, jwks_uri].filter((field) => (field ?? null) !== null);
  const uri = asText(jwksUri) ?? asText(jwks_uri);
  return [
    ...complaintWhen((asText(issuer) ?? uri ?? '') === '', place, 'a rule needs an issuer or a `jwksUri`'),
    ...complaintWhen(keys.length > 1, place, 'only one of `jwks` and `jwksUri` can be set'),
    ...complaintWhen(uri !== undefined && !isKeyAddress(uri), place, `\`${uri}\` is no address of keys`),
    ...complaintWhen(inline !== undefined && !isKeySet(inline), [...place, 'jwks'], '`jwks` holds no keys'),
    ...['audiences', 'fromParams', 'fromCookies', 'spaceDelimitedClaims'].flatMap((field) =>
      complaintWhen(asArray(fields[field]).includes(''), [...place, field], `\`${field}\` has an empty value`),
    ),
    ...checkNamed(fields.fromHeaders, ['name'], [...place, 'fromHeaders']),
    ...checkNamed(fields.outputClaimToHeaders, ['header', 'claim'], [...place, 'outputClaimToHeaders']),
    ...checkHeaders(fields.outputClaimToHeaders, [...place, 'outputClaimToHeaders']),
    ...checkTimeout(fields.timeout, [...place, 'timeout']),
  ];
}

/** A header that a proxy writes has a name of letters, digits, dashes and underscores. */
function checkHeaders(items: JsonValue | undefined, place: Path): readonly Complaint[] {
  return asArray(items).flatMap((item, index) => {
    const header = asText(asObject(item)?.header) ?? '';
    const isName = header === '' || /^[-_A-Za-z0-9]+$/.test(header);
    return complaintWhen(!isName, [...place, index, 'header'], `\`${header}\` is no name of a header`);
  });
}

/** At least a millisecond. */
function checkTimeout(timeout: JsonValue | undefined, place: Path): readonly Complaint[] {
  const written = asText(timeout);
  if (written === undefined) return [];
  const amount = nanosecondsOf(written);
  if (amount === undefined) return [{ place, why: `\`${written}\` is no duration` }];
  return complaintWhen(amount < 1e6, place, `\`${written}\` is shorter than a millisecond`);
}

function isKeyAddress(uri: string): boolean {
  return /^https?:\/\//.test(uri) && URL.canParse(uri) && uri.length <= 2048;
}

/** A JSON Web Key Set, or one key. */
function isKeySet(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(Object(value).keys) || typeof Object(value).kty === 'string';
  } catch {
    return false;
  }
}

function checkNamed(items: JsonValue | undefined, needed: readonly string[], place: Path): readonly Complaint[] {
  return asArray(items).flatMap((item, index) =>
    needed.flatMap((field) => {
      const missing = (asText(asObject(item)?.[field]) ?? '') === '';
      return complaintWhen(missing, [...place, index], `\`${field}\` is needed here`);
    }),
  );
}
